package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.Sandbox.Job;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left on the host after a run: no process, no file, no byte on the network. The host looks, not the program. */
@Tag("alone")
class SurvivorTest {
    private static final List<String> PYTHON = List.of(Programs.PYTHON, "-s", "-S", "-B", "/job/program.py");

    @BeforeAll
    static void open() {
        SandboxForTests.open().close(); // skips without a sandbox
    }

    @Test
    void aKilledProgramDoesNotOutliveItsProcess() throws IOException {
        String marker = "survivor" + System.nanoTime();
        // it gives its pipes away, so that nobody waits for them
        String source = "import os\nfor fd in range(3): os.close(fd)\nos.execv('/usr/bin/sleep', ['%s', '60'])";
        Set<Guard> guards = EnumSet.allOf(Guard.class);
        run(guards, source.formatted(marker));
        named(marker)
                .forEach(dying -> dying.onExit().orTimeout(5, TimeUnit.SECONDS).join());
        guards.remove(Guard.DIE_WITH_PARENT);
        run(guards, source.formatted(marker));
        assertTrue(lives(marker), "something else ended it");
        named(marker).forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void nothingArrivesAtAListenerOfTheHost() throws IOException {
        Set<Guard> guards = EnumSet.allOf(Guard.class);
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            listener.setSoTimeout(200);
            String source = "import socket\ns = socket.create_connection(('127.0.0.1', %d), 1)\ns.sendall(b'caught')"
                    .formatted(listener.getLocalPort());
            assertNull(heard(listener, guards, source));
            guards.remove(Guard.NETWORK);
            assertNull(heard(listener, guards, source)); // the filter alone holds
            guards.add(Guard.NETWORK);
            guards.remove(Guard.SYSTEM_CALLS);
            assertNull(heard(listener, guards, source)); // and so does the namespace alone
            guards.remove(Guard.NETWORK);
            assertEquals("caught", heard(listener, guards, source));
        }
    }

    @Test
    void afterAnyProgramTheHostIsAsItWas() throws IOException {
        String marker = "left" + System.nanoTime();
        Set<String> before = temporaryFiles();
        try (CodeEnvironment environment = CodeEnvironment.open(CodeVerifierTest.QUICK)) {
            environment.programs().compiler().precompiled(); // kept for all processes on purpose
            for (String source : hostile(marker)) judge(environment, CodeLanguage.PYTHON, source);
            judge(environment, CodeLanguage.CPP, "#include \"/etc/passwd\"\nint main() {}");
            judge(
                    environment,
                    CodeLanguage.CPP,
                    "#include <fstream>\nint main() { std::ofstream(\"/tmp/%s\") << 1; for (;;); }".formatted(marker));
        }
        assertFalse(lives(marker));
        Set<String> after = temporaryFiles();
        after.removeAll(before);
        after.removeIf(name ->
                !name.startsWith("tramontane-job") && !name.startsWith("tramontane-sandbox") && !name.contains(marker));
        assertEquals(Set.of(), after);
    }

    private static List<String> hostile(String marker) {
        return List.of(
                "import os\nos.execv('/usr/bin/sleep', ['%s', '60'])".formatted(marker),
                "open('/tmp/%s', 'w').write('x')".formatted(marker),
                "import os\nfor f in ('/dev/shm/', '/var/tmp/', '/run/', '/'):\n    try: open(f + '%s', 'w')\n    except OSError: pass"
                        .formatted(marker),
                "import os, sys\nfor fd in range(3): os.close(fd)\nwhile True: pass # " + marker,
                "import threading, time\nfor i in range(3): threading.Thread(target=time.sleep, args=(60,)).start()\n# "
                        + marker,
                "import os\nwhile True:\n    try: os.fork()\n    except OSError: break\n# " + marker);
    }

    private static void judge(CodeEnvironment environment, CodeLanguage language, String source) {
        Problem problem = Problem.code("p", "en", "?", language, List.of(new TestCase("", "right")), Map.of());
        String tag = language == CodeLanguage.CPP ? "cpp" : "python";
        Verdict verdict = environment
                .verifier()
                .check(problem, TestDraw.of(problem, 1, 1, 1), tag, source)
                .verdict();
        assertNotEquals(Verdict.CORRECT, verdict);
        assertNotEquals(Verdict.UNSCORED, verdict);
    }

    private static void run(Set<Guard> guards, String source) throws IOException {
        Path folder = Bubblewrap.readableFolder();
        try (Bubblewrap sandbox = Bubblewrap.open(guards)) {
            Files.writeString(folder.resolve("program.py"), source);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            sandbox.run(new Job(PYTHON, folder, null, new byte[0], out, SandboxForTests.ONE_SECOND));
        } finally {
            Bubblewrap.delete(folder);
        }
    }

    /** What a listener of the host heard while the program ran; null for no connection at all. */
    private static String heard(ServerSocket listener, Set<Guard> guards, String source) throws IOException {
        run(guards, source);
        try (Socket caller = listener.accept()) {
            return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException nobody) {
            return null;
        }
    }

    private static boolean lives(String marker) {
        return named(marker).findAny().isPresent();
    }

    /** By the words of its command, whoever owns it. */
    private static Stream<ProcessHandle> named(String marker) {
        return ProcessHandle.allProcesses().filter(p -> {
            try {
                return Files.readString(
                                Path.of("/proc", Long.toString(p.pid()), "cmdline"), StandardCharsets.ISO_8859_1)
                        .contains(marker);
            } catch (IOException ended) {
                return false;
            }
        });
    }

    private static Set<String> temporaryFiles() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String folder : List.of(System.getProperty("java.io.tmpdir"), "/tmp", "/var/tmp", "/dev/shm", "/run")) {
            if (!Files.isDirectory(Path.of(folder))) continue;
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.forEach(f -> names.add(f.getFileName().toString()));
            }
        }
        return names;
    }
}
