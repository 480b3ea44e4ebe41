package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.SandboxForTests.Ran;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One hostile program for each property of the sandbox. */
@Tag("alone")
class BubblewrapTest {
    private static SandboxForTests sandbox;

    @BeforeAll
    static void open() {
        sandbox = SandboxForTests.open();
    }

    @AfterAll
    static void close() {
        if (sandbox != null) sandbox.close();
    }

    @Test
    void thereIsNoNetworkDeviceButTheLoopback() throws IOException {
        assertEquals("['lo']", printed("print([l.split(':')[0].strip() for l in open('/proc/net/dev') if ':' in l])"));
    }

    @Test
    void dangerousSystemCallsAreRefused() throws IOException {
        // each of these succeeds, or fails with another number than EPERM (1), when the filter is missing
        String source =
                """
                import ctypes
                libc = ctypes.CDLL(None, use_errno=True)
                calls = {"socket": (41, 2, 1, 0), "unix socket": (41, 1, 1, 0), "unshare": (272, 0), "ptrace": (101, 0, 0, 0, 0),
                    "io_uring_setup": (425, 0, 0), "keyctl": (250, 0, -3, 0), "shmget": (29, 0, 4096, 0o1600),
                    "memfd_create": (319, b"x", 0), "personality": (135, 0xffffffff), "mq_unlink": (241, b"x"),
                    "clone with a namespace": (56, 0x10000000 | 17, 0, 0, 0, 0), "bpf": (321, 0, 0, 0), "fork": (57,), "vfork": (58,),
                    "terminal injection": (16, 0, 0x5412, b"x"), "kcmp": (312, 1, 1, 99, 0, 0), "setns": (308, -1, 0)}
                for name, call in calls.items():
                    ctypes.set_errno(0)
                    result = libc.syscall(*call)
                    if result != -1 or ctypes.get_errno() != 1: print(name, result, ctypes.get_errno())
                ctypes.set_errno(0)
                print(libc.syscall(435, 0, 0), ctypes.get_errno())
                """;
        assertEquals("-1 38", printed(source)); // clone3: ENOSYS
    }

    @Test
    void systemCallsOfAnotherArchitectureKill() throws IOException {
        Ran ran = sandbox.python("import ctypes; ctypes.CDLL(None).syscall(0x40000000 | 39)");
        assertEquals(128 + 31, ran.result().exitCode()); // SIGSYS
    }

    @Test
    void aForkBombIsRefusedAtTheFirstFork() throws IOException {
        String source = "import os\nwhile True: os.fork()";
        Ran ran = sandbox.python(source);
        assertEquals(1, ran.result().exitCode());
        assertTrue(
                ran.result().stderr().contains("PermissionError"), ran.result().stderr());
    }

    @Test
    void whereForksAreAllowedTheirNumberIsLimited() throws IOException {
        String source =
                """
                import os, time
                n = 0
                try:
                    while n < 100:
                        if os.fork() == 0: time.sleep(60)
                        n += 1
                except BlockingIOError: pass
                print(n)
                """;
        Ran ran = sandbox.python(source, SandboxForTests.MAY_FORK, new byte[0]);
        int forks = Integer.parseInt(ran.stdout());
        assertTrue(forks >= 8 && forks <= 16, "forks: " + forks);
    }

    @Test
    void threadsAreLimited() throws IOException {
        String source =
                """
                import threading
                threading.stack_size(1 << 16)
                hold = threading.Event(); n = 0
                try:
                    while n < 50:
                        threading.Thread(target=hold.wait, daemon=True).start(); n += 1
                except RuntimeError: pass
                print(n)
                """;
        int threads = Integer.parseInt(printed(source));
        assertTrue(threads >= 1 && threads <= 4, "threads: " + threads);
    }

    @Test
    void memoryIsLimited() throws IOException {
        Ran ran = sandbox.python("x = bytearray(310 << 20)");
        assertTrue(ran.result().stderr().endsWith("MemoryError"), ran.result().stderr());
        assertEquals("ok", printed("x = bytearray(200 << 20); print('ok')"));
    }

    @Test
    void sharedMemoryIsLimitedToo() throws IOException {
        Ran ran = sandbox.python("import mmap; m = mmap.mmap(-1, 310 << 20); print('got it')");
        assertEquals("", ran.stdout());
        assertEquals(1, ran.result().exitCode());
    }

    @Test
    void anEndlessLoopEndsWithItsCpuTime() throws IOException {
        Ran ran = sandbox.python("while True: pass");
        assertEquals(Ending.TIME, ran.result().ending());
    }

    /** The kernel's limit goes by ticks and comes early on a busy machine; what counts is what was computed. */
    @Test
    void nearlyAllOfTheCpuTimeMayBeUsedAndNotMore() throws IOException {
        assertEquals("done", printed("import time\nwhile time.process_time() < 0.95: pass\nprint('done')"));
        Ran ran = sandbox.python("import time\nwhile time.process_time() < 1.15: pass\nprint('done')");
        assertEquals(Ending.TIME, ran.result().ending());
        assertEquals("", ran.stdout());
    }

    /** 1.8 s in all: the kernel counts by ticks, and on a busy machine it may miss some. */
    @Test
    void threadsAreCountedTogether() throws IOException {
        String source = "import threading, time\n"
                + "def work():\n    while time.thread_time() < 0.9: pass\n"
                + "for _ in range(2): t = threading.Thread(target=work); t.start(); t.join()\nprint('done')";
        assertEquals(Ending.TIME, sandbox.python(source).result().ending()); // the first thread is gone by then
    }

    @Test
    void theKernelKnowsTheLimits() throws IOException {
        String source =
                """
                from resource import *
                mib = 1 << 20
                print(getrlimit(RLIMIT_CPU), getrlimit(RLIMIT_NPROC)[1], getrlimit(RLIMIT_NOFILE)[1], getrlimit(RLIMIT_CORE)[1])
                print(getrlimit(RLIMIT_AS)[1] // mib, getrlimit(RLIMIT_FSIZE)[1] // mib, getrlimit(RLIMIT_STACK)[1] // mib)
                """;
        assertEquals("(2, 3) 4 64 0\n300 16 256", printed(source));
    }

    @Test
    void ignoringTheFirstSignalDoesNotHelp() throws IOException {
        Ran ran = sandbox.python("import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass");
        assertEquals(Ending.TIME, ran.result().ending());
    }

    @Test
    void sleepingIsNoWayToStay() throws IOException {
        Ran ran = sandbox.python("import time; time.sleep(600)");
        assertEquals(Ending.TIME, ran.result().ending());
        assertTrue(ran.result().seconds() < 5, "seconds: " + ran.result().seconds());
    }

    @Test
    void waitingForMoreInputIsNoWayToStay() throws IOException {
        assertEquals("''", printed("import sys; print(repr(sys.stdin.read()))"));
    }

    @Test
    void aFloodOfOutputIsCutAtOnce() throws IOException {
        Sandbox.Limits patient = new Sandbox.Limits(30, 300, 1 << 20, 4, false, 16);
        Ran ran = sandbox.python("while True: print('x' * 1000)", patient, new byte[0]);
        assertEquals(Ending.OUTPUT, ran.result().ending());
        assertEquals(1 << 20, ran.stdout().length(), 2.0);
        assertTrue(ran.result().seconds() < 20, "seconds: " + ran.result().seconds());
    }

    @Test
    void aFloodOfErrorsIsDropped() throws IOException {
        Ran ran = sandbox.python("import sys\nfor i in range(3000): sys.stderr.write('x' * 1000)\nprint('done')");
        assertEquals("done", ran.stdout());
        assertEquals(16 << 10, ran.result().stderr().length());
    }

    @Test
    void onlyTmpCanBeWritten() throws IOException {
        String source =
                """
                import os
                for folder in ["/job", "/", "/usr", "/usr/local", "/dev", "/dev/shm", "/bin", "/etc", "/proc", "/var", "/run"]:
                    try:
                        open(folder + "/x", "w").close(); print("written", folder)
                    except OSError: pass
                    try:
                        os.mkdir(folder + "/y"); print("made", folder)
                    except OSError: pass
                open("/tmp/x", "w").write("x")
                print("done")
                """;
        assertEquals("done", printed(source));
    }

    @Test
    void filesAreLimitedInSizeAndTogether() throws IOException {
        String source =
                """
                def fill(name):
                    n = 0
                    try:
                        with open(name, "wb", buffering=0) as f:
                            while n < 200: f.write(bytes(1 << 20)); n += 1
                    except OSError: pass
                    return n
                sizes = [fill("/tmp/%d" % i) for i in range(6)]
                print(max(sizes), sum(sizes))
                """;
        assertEquals("16 64", printed(source));
    }

    @Test
    void theHostsFilesAreNotThere() throws IOException {
        Path secret = Files.createTempFile("tramontane-secret", "");
        Path home = Path.of(System.getProperty("user.home"));
        String source =
                "import os\nprint([p for p in [%s] if os.path.exists(p)], os.listdir('/tmp'), os.listdir('/usr/local'), sorted(os.listdir('/')))";
        String names = String.join(
                ",",
                List.of(
                        "'" + secret + "'",
                        "'" + home + "'",
                        "'/etc/passwd'",
                        "'/etc/shadow'",
                        "'/home'",
                        "'/var'",
                        "'/sys'",
                        "'/run'"));
        try {
            assertEquals(
                    "[] [] [] ['bin', 'dev', 'etc', 'job', 'lib', 'lib64', 'proc', 'tmp', 'usr']",
                    printed(source.formatted(names)));
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void theHostsProcessesAndEnvironmentAreNotThere() throws IOException {
        assertEquals(
                "True",
                printed(
                        "import os; print([p for p in os.listdir('/proc') if p.isdigit()] == ['1', str(os.getpid())])"));
        assertEquals(
                "['HOME', 'LANG', 'OMP_NUM_THREADS', 'PATH', 'PWD', 'PYTHONHASHSEED']",
                printed("import os; print(sorted(os.environ))"));
    }

    @Test
    void itIsNeverTheUserRootOutside() throws IOException {
        Path folder = Bubblewrap.readableFolder();
        try {
            Path secret = Files.writeString(folder.resolve("secret"), "root's own");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            Assumptions.assumeTrue(
                    Integer.valueOf(0).equals(Files.getAttribute(secret, "unix:uid")), "not run as root");
            Sandbox.Job job = new Sandbox.Job(
                    List.of("/bin/cat", "/job/secret"),
                    folder,
                    null,
                    new byte[0],
                    new ByteArrayOutputStream(),
                    SandboxForTests.ONE_SECOND);
            Sandbox.Result result = sandbox.sandbox().run(job);
            assertEquals(1, result.exitCode());
            assertTrue(result.stderr().contains("Permission denied"), result.stderr());
        } finally {
            Bubblewrap.delete(folder);
        }
    }

    @Test
    void thereIsNobodyElseToKill() throws IOException {
        assertEquals("nobody", printed("import os\ntry: os.kill(-1, 9)\nexcept ProcessLookupError: print('nobody')"));
        assertEquals("1", printed("import os\nos.kill(1, 9)\nprint(1)")); // its pid 1 takes no signals from inside
    }

    @Test
    void aDaemonDoesNotOutliveItsRun() throws IOException {
        String marker = "daemon" + System.nanoTime();
        String source =
                """
                import os, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        os.execv("/usr/bin/sleep", ["%s", "600"])
                    os._exit(0)
                os.wait()
                while "sleep" not in open("/proc/4/comm").read(): pass
                print("left a daemon")
                """;
        Ran ran = sandbox.python(source.formatted(marker), SandboxForTests.MAY_FORK, new byte[0]);
        assertEquals("left a daemon", ran.stdout());
        assertFalse(
                ProcessHandle.allProcesses()
                        .anyMatch(p -> p.info().commandLine().orElse("").contains(marker)),
                "the daemon lives");
    }

    @Test
    void exitCodesAndSignalsAreReported() throws IOException {
        assertEquals(0, sandbox.python("pass").result().exitCode());
        assertEquals(3, sandbox.python("raise SystemExit(3)").result().exitCode());
        assertEquals(1, sandbox.python("1/0").result().exitCode());
        assertEquals(
                128 + 11,
                sandbox.python("import os; os.kill(os.getpid(), 11)").result().exitCode());
    }

    @Test
    void endingLikeATimeLimitAtOnceIsNotATimeLimit() throws IOException {
        Ran ran = sandbox.python(
                "import os; os._exit(137)", new Sandbox.Limits(1000, 300, 1000, 4, false, 1), new byte[0]);
        assertEquals(Ending.EXITED, ran.result().ending());
    }

    @Test
    void aProgramCannotPretendThatTheSandboxFailed() throws IOException {
        Ran ran = sandbox.python("import sys; sys.stderr.write('bwrap: no permission\\n'); sys.exit(1)");
        assertEquals(Ending.EXITED, ran.result().ending());
    }

    @Test
    void aSandboxThatCannotStartIsOurFault() {
        Sandbox.Job job = new Sandbox.Job(
                List.of("/bin/true"),
                Path.of("/does/not/exist"),
                null,
                new byte[0],
                new ByteArrayOutputStream(),
                SandboxForTests.ONE_SECOND);
        assertEquals(Ending.FAULT, sandbox.sandbox().run(job).ending());
    }

    @Test
    void inputThatNobodyReadsDoesNotHang() throws IOException {
        Ran ran = sandbox.python("print('done')", SandboxForTests.ONE_SECOND, new byte[10 << 20]);
        assertEquals("done", ran.stdout());
    }

    @Test
    void inputArrivesWhole() throws IOException {
        Ran ran = sandbox.python(
                "import sys; print(len(sys.stdin.buffer.read()))", SandboxForTests.ONE_SECOND, new byte[3 << 20]);
        assertEquals(Integer.toString(3 << 20), ran.stdout());
    }

    /** A file could be opened again by its name in /proc, read from its start by a second pass, and be told by its length. */
    @Test
    void inputIsAPipeAndNoFile() throws IOException {
        String source =
                "import os, stat; print(stat.S_ISFIFO(os.fstat(0).st_mode), os.readlink('/proc/self/fd/0')[:5])";
        Ran ran = sandbox.python(source, SandboxForTests.ONE_SECOND, new byte[100]);
        assertEquals("True pipe:", ran.stdout());
    }

    @Test
    void noFileIsLeftBehind() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        assertFalse(Files.exists(folder.resolve("escaped")));
        printed("open('/tmp/escaped', 'w').close()");
        assertFalse(Files.exists(folder.resolve("escaped")));
    }

    private static String printed(String source) throws IOException {
        Ran ran = sandbox.python(source);
        assertTrue(ran.result().succeeded(), ran.result().toString());
        return ran.stdout();
    }
}
