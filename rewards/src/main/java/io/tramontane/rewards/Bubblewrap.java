package io.tramontane.rewards;

import io.tramontane.data.DaemonThreads;
import io.tramontane.data.TemporaryFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Sandbox} of bubblewrap, prlimit and a seccomp filter; one new sandbox for each run. The processes of a run:
 *
 * <pre>
 *   JVM -> sh (opens the filter and the status file) = setpriv (only under root) = unshare = sh (mounts /tmp) = bwrap
 *       -> bwrap as pid 1 inside -> prlimit = the program
 * </pre>
 *
 * ("=" is exec: the same process.) Killing the outer bwrap kills pid 1 and with it every process inside. Inside: all
 * namespaces new, no capabilities, the host's /usr read-only (without /usr/local), fresh /proc and /dev, a private /tmp
 * of limited size and number of files as the only place to write, an environment of five variables, stdin and stdout as the only way in and out. Real uid 0
 * never runs a program, because the limit on processes does not bind it.
 */
final class Bubblewrap implements Sandbox {
    private static final List<String> TOOLS = List.of(
            "/usr/bin/bwrap", "/usr/bin/prlimit", "/usr/bin/setpriv", "/usr/bin/unshare", "/usr/bin/mount", "/bin/sh");
    private static final Logger LOG = LoggerFactory.getLogger(Bubblewrap.class);

    private final ExecutorService pumps = Executors.newCachedThreadPool(DaemonThreads.named("sandbox-pump"));
    private final Path scratch;
    private final Path mountPoint;
    private final Set<Guard> guards;
    private final boolean root;

    private Bubblewrap(Path scratch, Path mountPoint, Set<Guard> guards) throws IOException {
        this.scratch = scratch;
        this.mountPoint = mountPoint;
        this.guards = guards;
        this.root = "0".equals(String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
        Files.write(filter(false), SeccompFilter.assemble(false));
        Files.write(filter(true), SeccompFilter.assemble(true));
    }

    /**
     * Fails with the reason when this machine lacks what it needs. Usable only after {@link SandboxProbe}.
     *
     * @param guards what protects the machine; all of them wherever a policy's programs run
     */
    static Bubblewrap open(Set<Guard> guards) throws IOException {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.equals("Linux amd64"))
            throw new IOException("the sandbox needs Linux on x86_64, this is " + machine);
        for (String tool : TOOLS) {
            if (!Files.isExecutable(Path.of(tool)))
                throw new IOException(tool + " is missing (packages bubblewrap, util-linux, mount)");
        }
        return new Bubblewrap(TemporaryFolders.create("sandbox").path(), readableFolder(), guards);
    }

    /** A new folder that a program inside can read, on a path that it can reach. */
    static Path readableFolder() throws IOException {
        Path folder = TemporaryFolders.create("job").path();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    @Override
    public Result run(Job job) {
        long start = System.nanoTime();
        Path status = null;
        try {
            status = Files.createTempFile(scratch, "status", "");
            BubblewrapCommand.Place place =
                    new BubblewrapCommand.Place(filter(job.limits().mayFork()), status, mountPoint, root);
            ProcessBuilder builder = new ProcessBuilder(BubblewrapCommand.of(guards, job, place));
            if (guards.contains(Guard.ENVIRONMENT)) builder.environment().clear();
            Job watched = guards.contains(Guard.CPU) ? job : job.withAnyCpuTime();
            return new SandboxRun(builder.start(), watched, status, pumps, start).result();
        } catch (IOException cannotStart) {
            return new Result(Ending.FAULT, -1, cannotStart.toString(), (System.nanoTime() - start) / 1e9);
        } finally {
            delete(status);
        }
    }

    private Path filter(boolean mayFork) {
        return scratch.resolve(mayFork ? "processes.bpf" : "threads.bpf");
    }

    /** Removes a file or a folder with everything in it; what cannot be removed stays in the temporary folder. */
    static void delete(Path path) {
        if (path == null) return;
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        } catch (IOException leftBehind) {
            LOG.warn("cannot delete {}", path, leftBehind);
        }
    }

    @Override
    public void close() {
        pumps.shutdownNow();
        delete(mountPoint);
        delete(scratch);
    }
}
