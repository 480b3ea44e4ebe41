package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.SandboxForTests.Ran;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Memory that the kernel holds for a program and that no address space counts. Each attack makes as much of one thing as it
 * can within four seconds, and prints what the sandbox must have answered.
 */
@Tag("alone")
class KernelMemoryTest {
    private static final Limits A_TEST = new Limits(4, 300, 1 << 20, 4, false, 16);
    private static SandboxForTests sandbox;

    @BeforeAll
    static void open() {
        sandbox = SandboxForTests.open();
    }

    @AfterAll
    static void close() {
        if (sandbox != null) sandbox.close();
    }

    record Attack(String name, String source, String held) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                new Attack("empty files", many("os.close(os.open('/tmp/%d' % n, os.O_CREAT))"), "4095 OSError"),
                new Attack("folders", many("os.mkdir('/tmp/%d' % n)"), "4095 OSError"),
                new Attack("a deep path", many("os.mkdir('d'); os.chdir('d')"), "4095 OSError"),
                new Attack("symbolic links", many("os.symlink('x' * 100, '/tmp/%d' % n)"), "4095 OSError"),
                new Attack(
                        "hard links",
                        "open('/tmp/file', 'w').close()\n" + many("os.link('/tmp/file', '/tmp/%d' % n)"),
                        "4094 OSError"),
                new Attack("long names", many("os.mkdir('/tmp/' + '%0255d' % n)"), "4095 OSError"),
                new Attack(
                        "deleted files that stay open",
                        many("held.append(os.open('/tmp/x', os.O_CREAT)); os.unlink('/tmp/x')"),
                        "61 OSError"),
                new Attack("pipes", many("held.append(os.pipe())"), "30 OSError"),
                new Attack(
                        "a larger pipe",
                        "r, w = os.pipe()\n" + many("fcntl.fcntl(w, 1031, 1 << 20)"),
                        "0 PermissionError"),
                new Attack("socket pairs", many("held.append(socket.socketpair())"), "30 OSError"),
                new Attack(
                        "larger buffers of sockets",
                        "a, b = socket.socketpair()\n"
                                + many("a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)"),
                        "0 PermissionError"),
                new Attack(
                        "descriptors on their way",
                        "a, b = socket.socketpair()\n" + many("socket.send_fds(a, [b'x'], [0])"),
                        "0 PermissionError"),
                new Attack(
                        "locks",
                        "f = open('/tmp/x', 'w')\n" + many("fcntl.lockf(f, fcntl.LOCK_EX, 1, 2 * n)"),
                        "0 PermissionError"),
                new Attack(
                        "pages in a pipe after they were unmapped",
                        "libc = ctypes.CDLL(None, use_errno=True)\nr, w = os.pipe()\n"
                                + many(
                                        "if libc.vmsplice(w, None, 0, 0) < 0: raise OSError(ctypes.get_errno(), 'vmsplice')"),
                        "0 PermissionError"),
                new Attack(
                        "timers",
                        "libc = ctypes.CDLL(None, use_errno=True)\nid = ctypes.c_void_p()\n"
                                + many(
                                        "if libc.timer_create(1, None, ctypes.byref(id)): raise OSError(ctypes.get_errno(), 'timer')"),
                        "0 PermissionError"),
                new Attack(
                        "extended attributes",
                        "open('/tmp/x', 'w').close()\n" + many("os.setxattr('/tmp/x', 'user.%d' % n, b'x' * 1000)"),
                        "0 PermissionError"),
                new Attack("memory files", many("held.append(os.memfd_create('x'))"), "0 PermissionError"),
                new Attack("event counters", many("held.append(os.eventfd(0))"), "61 OSError"),
                new Attack("polls", many("held.append(select.epoll())"), "61 OSError"),
                new Attack(
                        "limits of its pid 1",
                        many("resource.prlimit(1, resource.RLIMIT_CPU, (0, 0))"),
                        "0 PermissionError"),
                new Attack(
                        "larger limits",
                        many("resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999))"),
                        "0 ValueError"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void isBounded(Attack attack) throws IOException {
        Ran ran = sandbox.python(
                "import ctypes, fcntl, os, resource, select, socket\n" + attack.source(), A_TEST, new byte[0]);
        assertEquals(attack.held(), ran.stdout(), ran.result().toString());
    }

    @Test
    void allThreadsTogetherMakeNoMoreFilesThanOne() throws IOException {
        String source =
                """
                import os, threading
                made = [0] * 2
                threading.stack_size(1 << 16)
                def work(k):
                    try:
                        while True: os.mkdir("/tmp/%d-%d" % (k, made[k])); made[k] += 1
                    except OSError: pass
                threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
                for t in threads: t.start()
                for t in threads: t.join()
                print(sum(made), len(os.listdir("/tmp")))
                """;
        assertEquals("4095 4095", sandbox.python(source, A_TEST, new byte[0]).stdout());
    }

    @Test
    void aFloodOfErrorsEndsTheRunAtOnce() throws IOException {
        Limits patient = new Limits(30, 300, 1 << 20, 4, false, 16);
        Ran ran = sandbox.python("import os\nx = b'x' * 65536\nwhile True: os.write(2, x)", patient, new byte[0]);
        assertEquals(Ending.OUTPUT, ran.result().ending());
        assertTrue(ran.result().stderr().length() <= 16 << 10);
        assertTrue(ran.result().seconds() < 2, "seconds: " + ran.result().seconds());
    }

    @Test
    void whatProgramsUseStillWorks() throws IOException {
        String source =
                """
                import asyncio, concurrent.futures, shutil, signal, tempfile, threading, time
                async def wait():
                    await asyncio.sleep(0.01)
                    return "waited"
                with concurrent.futures.ThreadPoolExecutor(2) as pool: print(list(pool.map(abs, [1, -2])))
                print(asyncio.run(wait()))
                folder = tempfile.mkdtemp()
                with open(folder + "/a", "w") as f: f.write("x" * 100000)
                shutil.copy2(folder + "/a", folder + "/b")
                shutil.copytree(folder, folder + "2")
                shutil.rmtree(folder)
                signal.signal(signal.SIGALRM, lambda *_: print("rang"))
                signal.setitimer(signal.ITIMER_REAL, 0.01)
                time.sleep(0.05)
                """;
        Ran ran = sandbox.python(source, A_TEST, new byte[0]);
        assertEquals("[1, 2]\nwaited\nrang", ran.stdout(), ran.result().toString());
    }

    /** Does something until an error, and prints how often and which. */
    private static String many(String what) {
        return """
                held = []
                n = 0
                try:
                    while n < 1000000:
                        %s
                        n += 1
                except (OSError, ValueError) as error: print(n, type(error).__name__)
                """
                .formatted(what);
    }
}
