package io.tramontane.rewards;

import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tests a sandbox before anything untrusted runs in it: a program runs, the host's files are not there, nothing but
 * /tmp can be written, there is no network, and a second process, pid 1 and files without end are refused. With any other result no code is judged.
 */
final class SandboxProbe {
    private static final Limits SMALL = new Limits(5, 300, 1 << 16, 4, false, 1);
    private static final String ATTACKS =
            """
            import os, resource, socket
            def refused(name, attack):
                try:
                    attack()
                except OSError:
                    return
                print("not refused:", name)
            refused("%1$s", lambda: open("%1$s"))
            refused("/etc/passwd", lambda: open("/etc/passwd"))
            refused("writing /job", lambda: open("/job/x", "w"))
            refused("writing /", lambda: open("/x", "w"))
            refused("writing /dev", lambda: open("/dev/x", "w"))
            refused("a socket", lambda: socket.socket())
            refused("a second process", lambda: os.fork() or os._exit(0))
            refused("the memory of pid 1", lambda: open("/proc/1/mem", "r+b"))
            refused("limits of pid 1", lambda: resource.prlimit(1, resource.RLIMIT_CPU, (9, 9)))
            with open("/tmp/x", "w") as f: f.write("x")
            refused("files without end", lambda: [os.close(os.open("/tmp/%%d" %% n, os.O_CREAT)) for n in range(5000)])
            if os.listdir("/sys/class/net") if os.path.exists("/sys/class/net") else []: print("not refused: network devices")
            if sorted(p for p in os.listdir("/proc") if p.isdigit()) != ["1", str(os.getpid())]: print("not refused: other processes")
            print("done")
            """;

    private SandboxProbe() {}

    /** Why the sandbox must not be used; empty when it holds. */
    static Optional<String> failure(Sandbox sandbox) {
        Path folder = null;
        try {
            folder = Bubblewrap.readableFolder();
            Path secret = Files.writeString(folder.resolveSibling(folder.getFileName() + ".secret"), "host");
            try {
                Files.writeString(folder.resolve("probe.py"), String.format(Locale.ROOT, ATTACKS, secret));
                return run(sandbox, folder);
            } finally {
                Files.deleteIfExists(secret);
            }
        } catch (IOException noFolder) {
            return Optional.of("cannot prepare the probe: " + noFolder);
        } finally {
            Bubblewrap.delete(folder);
        }
    }

    private static Optional<String> run(Sandbox sandbox, Path folder) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Files.copy(Path.of("/usr/bin/true"), folder.resolve("program"), StandardCopyOption.COPY_ATTRIBUTES);
        Result started = sandbox.run(new Job(List.of("/job/program"), folder, null, new byte[0], out, SMALL));
        if (!started.succeeded())
            return Optional.of("it cannot run a program: " + started.ending() + " " + started.exitCode() + ": "
                    + started.stderr());
        List<String> command = List.of(Programs.PYTHON, "-s", "-S", "-B", "/job/probe.py");
        Result result = sandbox.run(new Job(command, folder, null, new byte[0], out, SMALL));
        if (!result.succeeded())
            return Optional.of(
                    "the probe ended with " + result.ending() + " " + result.exitCode() + ": " + result.stderr());
        String said = out.toString(StandardCharsets.UTF_8).strip();
        return said.equals("done") ? Optional.empty() : Optional.of("the probe says: " + said.replace('\n', ';'));
    }
}
