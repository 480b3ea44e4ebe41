package io.tramontane.rewards;

import static io.tramontane.rewards.Guard.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each guard is what stops its attack: with it the attack fails, and with nothing else changed but its absence the same
 * program succeeds. Where two guards stop the same attack the other one is away in both runs. The attacks do no harm where
 * they succeed.
 */
@Tag("alone")
class GuardTest {
    private static final Limits ONE_SECOND = SandboxForTests.ONE_SECOND;
    private static final Limits MAY_FORK = SandboxForTests.MAY_FORK;

    /**
     * An attack as a program that prints {@code held} with the guard, and something else without it.
     *
     * @param guard what stops it
     * @param away guards that would stop it too
     * @param held what it prints when the guard is there
     */
    record Attack(Guard guard, Set<Guard> away, Limits limits, String source, String held) {
        @Override
        public String toString() {
            return guard.toString();
        }
    }

    @BeforeAll
    static void open() {
        SandboxForTests.open().close(); // skips without a sandbox
    }

    static Stream<Attack> attacks() throws IOException {
        return Stream.of(
                attack(OTHER_USER, "print(open('/job/secret').read())", "PermissionError"),
                alone(
                        PROCESSES,
                        "import os; print(len([p for p in os.listdir('/proc') if p.isdigit()]))",
                        "2",
                        CONTROL_GROUPS),
                attack(IPC, namespace("ipc"), "own"),
                attack(CONTROL_GROUPS, namespace("cgroup"), "own"),
                attack(HOSTNAME, "import os; print(os.uname().nodename)", "sandbox"),
                alone(NO_NAMESPACES, "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))", "-1", SYSTEM_CALLS),
                attack(SESSION, "import os; print('own' if os.getsid(0) else 'the host\\'s')", "own"),
                alone(
                        NO_CAPABILITIES,
                        "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('CapEff')][0].lstrip('0'))",
                        "",
                        OTHER_USER),
                attack(
                        ENVIRONMENT,
                        "import os; print(sorted(set(os.environ) - {'HOME', 'LANG', 'OMP_NUM_THREADS', 'PATH', 'PWD', 'PYTHONHASHSEED'}))",
                        "[]"),
                attack(FILES, "print(len(open('/etc/passwd').read()))", "FileNotFoundError"),
                attack(READ_ONLY_JOB, "open('/job/program.py', 'a').write('#'); print('changed')", "OSError"),
                attack(NO_LOCAL, "import os; print(os.listdir('/usr/local'))", "[]"),
                attack(TMP, "import os; print(os.path.exists('/tmp/%s'))".formatted(marker()), "False"),
                attack(TMP_SIZE, fill("/tmp/", 6), "16 64"),
                attack(FILE_COUNT, emptyFiles(), "True"),
                attack(HIDDEN_INIT, "open('/proc/1/mem', 'r+b'); print('opened')", "FileNotFoundError"),
                attack(READ_ONLY_ROOT, "import os; os.mkdir('/x'); print('made')", "OSError"),
                attack(READ_ONLY_DEV, "import os; os.mkdir('/dev/x'); print('made')", "OSError"),
                attack(
                        DEV,
                        "import os; print(sorted(set(os.listdir('/dev')) - {'console', 'core', 'fd', 'full', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero'}))",
                        "[]"),
                attack(SYSTEM_CALLS, "import os; print('forked') if os.fork() else os._exit(0)", "PermissionError"),
                attack(MEMORY, "x = bytearray(310 << 20); print(len(x) >> 20)", "MemoryError"),
                attack(CPU, "import time\nwhile time.process_time() < 2.5: pass\nprint('still here')", ""),
                attack(PROCESS_COUNT, threads(), "True"),
                new Attack(PROCESS_COUNT, Set.of(), MAY_FORK, forks(), "True"),
                alone(FILE_SIZE, fill("/tmp/", 1), "16 16", TMP_SIZE),
                attack(OPEN_FILES, openFiles(), "61"),
                attack(WAITING_SIGNALS, waitingSignals(), "True"),
                attack(NO_CORE, "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))", "(0, 0)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void holdsAndNothingElseDoes(Attack attack) throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (attack.guard() == OTHER_USER || attack.guard() == NO_CAPABILITIES)
            Assumptions.assumeTrue(root, "only under root");
        Set<Guard> guards = EnumSet.allOf(Guard.class);
        guards.removeAll(attack.away());
        assertEquals(attack.held(), tried(guards, attack));
        guards.remove(attack.guard());
        String free = tried(guards, attack);
        assertNotEquals(attack.held(), free);
        assertEquals("", free.replaceFirst("(?s)^(?!.*Error).*", ""), "it failed for another reason");
    }

    @Test
    void everyGuardHasItsAttack() throws IOException {
        Set<Guard> attacked = attacks().map(Attack::guard).collect(Collectors.toSet());
        attacked.addAll(Set.of(NETWORK, DIE_WITH_PARENT)); // in SurvivorTest, where the host looks
        assertEquals(EnumSet.allOf(Guard.class), attacked);
    }

    /** Each system call of the filter does something else without it. */
    @Test
    void theFilterIsWhatRefusesEachSystemCall() throws IOException {
        String source =
                """
                import ctypes
                libc = ctypes.CDLL(None, use_errno=True)
                calls = {"socket": (41, 2, 1, 0), "unshare": (272, 0), "ptrace": (101, 16, 99999, 0, 0), "io_uring_setup": (425, 0, 0),
                    "keyctl": (250, 0, -3, 0), "shmget": (29, 0, 4096, 0o1600), "memfd_create": (319, b"x", 0),
                    "personality": (135, 0xffffffff), "mq_unlink": (241, b"/x"), "fork": (57,),
                    "terminal injection": (16, 0, 0x5412, b"x"), "setns": (308, -1, 0), "clone3": (435, 0, 0)}
                import os
                me = os.getpid()
                for name, call in calls.items():
                    ctypes.set_errno(0)
                    result = libc.syscall(*call)
                    if os.getpid() != me: os._exit(0)
                    if (result, ctypes.get_errno()) not in ((-1, 1), (-1, 38)): print(name)
                """;
        Set<Guard> guards = EnumSet.allOf(Guard.class);
        Attack attack = new Attack(SYSTEM_CALLS, Set.of(), ONE_SECOND, source, "");
        assertEquals("", tried(guards, attack));
        guards.remove(SYSTEM_CALLS);
        List<String> free = tried(guards, attack).lines().toList();
        for (String name :
                List.of("socket", "unshare", "ptrace", "shmget", "memfd_create", "personality", "fork", "clone3"))
            assertEquals(true, free.contains(name), name + " is refused by something else: " + free);
    }

    private static Attack attack(Guard guard, String source, String held) {
        return new Attack(guard, Set.of(), ONE_SECOND, source, held);
    }

    private static Attack alone(Guard guard, String source, String held, Guard... away) {
        return new Attack(guard, Set.copyOf(Arrays.asList(away)), ONE_SECOND, source, held);
    }

    /** What the attack printed, or the name of the error that ended it. */
    private static String tried(Set<Guard> guards, Attack attack) throws IOException {
        Path folder = Bubblewrap.readableFolder();
        Path marker = Path.of("/tmp", marker());
        try (Bubblewrap sandbox = Bubblewrap.open(guards)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            Path program = Files.writeString(folder.resolve("program.py"), attack.source());
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-rw-rw-"));
            Path secret = Files.writeString(folder.resolve("secret"), "root's own");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            if (attack.guard() == TMP) Files.writeString(marker, "");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<String> command = List.of(Programs.PYTHON, "-s", "-S", "-B", "/job/program.py");
            Result result = sandbox.run(new Job(command, folder, null, new byte[0], out, attack.limits()));
            assertNotEquals(Ending.FAULT, result.ending(), result.toString());
            String last = result.stderr().substring(result.stderr().lastIndexOf('\n') + 1);
            String error = last.replaceFirst("^(\\w+Error)\\b.*", "$1");
            return error.endsWith("Error")
                    ? error
                    : out.toString(StandardCharsets.UTF_8).strip();
        } finally {
            Files.deleteIfExists(marker);
            Bubblewrap.delete(folder);
        }
    }

    private static String marker() {
        return "tramontane-guard-" + ProcessHandle.current().pid();
    }

    private static String namespace(String kind) throws IOException {
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
        return "import os; print('shared' if os.readlink('/proc/self/ns/%s') == '%s' else 'own')".formatted(kind, host);
    }

    /** Writes 20 MiB into each of some files, and prints the largest and all together. */
    private static String fill(String folder, int files) {
        return """
                def fill(name):
                    n = 0
                    try:
                        with open(name, "wb", buffering=0) as f:
                            while n < 20: f.write(bytes(1 << 20)); n += 1
                    except OSError: pass
                    return n
                sizes = [fill("%s%%d" %% i) for i in range(%d)]
                print(max(sizes), sum(sizes))
                """
                .formatted(folder, files);
    }

    private static String threads() {
        return """
                import threading
                threading.stack_size(1 << 16)
                hold = threading.Event(); n = 0
                try:
                    while n < 40: threading.Thread(target=hold.wait, daemon=True).start(); n += 1
                except RuntimeError: pass
                print(n <= 4)
                """;
    }

    /** 40 children that end at once when their parent does. */
    private static String forks() {
        return """
                import os
                reader, writer = os.pipe()
                n = 0
                try:
                    while n < 40:
                        if os.fork() == 0:
                            os.close(writer); os.read(reader, 1); os._exit(0)
                        n += 1
                except BlockingIOError: pass
                print(n <= 16)
                """;
    }

    private static String openFiles() {
        return """
                files = []
                try:
                    while len(files) < 200: files.append(open("/dev/null"))
                except OSError: pass
                print(len(files))
                """;
    }

    private static String emptyFiles() {
        return """
                import os
                n = 0
                try:
                    while n < 10000: os.close(os.open("/tmp/%d" % n, os.O_CREAT)); n += 1
                except OSError: pass
                print(n < 4096)
                """;
    }

    private static String waitingSignals() {
        return """
                import os, signal
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
                for _ in range(1000): os.kill(os.getpid(), signal.SIGRTMIN)
                waiting = [l.split()[1] for l in open("/proc/self/status") if l.startswith("SigQ")][0]
                print(int(waiting.split("/")[0]) <= 64)
                """;
    }
}
