package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Solutions that try to be called right without being right. Each passes in a grader that runs tests in the solution's process. */
@Tag("alone")
class FunctionAttackTest {
    private static final String SECRET = "k482913705516";
    private static final String TESTS =
            """
            def check(candidate):
                for x in range(3):
                    assert candidate(x) == [x, '%1$s']
                assert abs(candidate(9)[0] - 9) < 1e-6
                try:
                    assert candidate(7) == [7, '%1$s']
                except ValueError:
                    pass
                for got, wanted in zip(map(candidate, [4, 5]), [[4, '%1$s'], [5, '%1$s']]):
                    assert got == wanted
            check(f)
            """
                    .formatted(SECRET);
    private static CodeEnvironment environment;

    @BeforeAll
    static void open() {
        SandboxForTests.open().close(); // skips without a sandbox
        environment = CodeEnvironment.open(CodeVerifierTest.QUICK);
    }

    @AfterAll
    static void close() {
        if (environment != null) environment.close();
    }

    static Stream<Arguments> attacks() {
        return Stream.of(
                attack(
                        "equal to everything",
                        "class A:\n def __eq__(s, o): return True\n def __getitem__(s, i): return s\n def __sub__(s, o): return 0\ndef f(x): return A()"),
                attack(
                        "a list equal to everything",
                        "class A(list):\n def __eq__(s, o): return True\ndef f(x): return A([9])"),
                attack(
                        "texts equal to everything",
                        "class S(str):\n __hash__ = str.__hash__\n def __eq__(s, o): return True\ndef f(x): return [x, S('?')]"),
                attack(
                        "an integer equal to everything",
                        "class I(int):\n def __eq__(s, o): return True\n def __sub__(s, o): return 0\ndef f(x): return I()"),
                attack(
                        "false that looks true",
                        "class A:\n def __bool__(s): return True\n def __len__(s): return 1\ndef f(x): return A()"),
                attack("leaving with success", "import sys\nsys.exit(0)\ndef f(x): pass"),
                attack("leaving with success when asked", "import sys\ndef f(x): sys.exit(0)"),
                attack("leaving without clean-up", "import os\ndef f(x): os._exit(0)"),
                attack("leaving at once", "import os\nos._exit(0)"),
                attack(
                        "leaving behind a farewell",
                        "import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(x): raise SystemExit(0)"),
                attack(
                        "an error that ends a loop quietly",
                        "def f(x):\n    if x in (4, 5): raise StopIteration\n    return [x, '" + SECRET + "']"),
                attack(
                        "an error that the tests would forgive",
                        "import os\ndef f(x):\n    if x == 7: os._exit(0)\n    return [x, '" + SECRET + "']"),
                attack(
                        "printing what the checker reports",
                        "import os\nfor fd in range(10):\n    try: os.write(fd, b'6 6 passed\\n')\n    except OSError: pass\nos._exit(0)"),
                attack(
                        "printing frames of its own",
                        "import os\nfor fd in range(3, 10):\n    try: os.write(fd, b'9\\nt2;s5;valueN')\n    except OSError: pass\ndef f(x): pass"),
                attack("replacing the serialiser", "import wire\nwire.encode = lambda *a: b'T'\ndef f(x): pass"),
                attack(
                        "objects from a pickle",
                        "import wire\nwire.encode = lambda *a: b'\\x80\\x04\\x95'\ndef f(x): pass"),
                attack(
                        "a handle that nobody gave",
                        "import wire\nwire.encode = lambda *a: b't2;s5;valueh0;'\ndef f(x): pass"),
                attack(
                        "patching builtins",
                        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = builtins.isinstance = lambda *a: True\nbuiltins.AssertionError = ValueError\nbuiltins.zip = lambda *a: []\ndef f(x): return [x, '']"),
                attack(
                        "defining the checker",
                        "def check(candidate): pass\ndef abs(x): return 0\ndef zip(*a): return []\ndef f(x): return [x, '']"),
                attack(
                        "patching every module",
                        "import sys\nfor m in list(sys.modules.values()):\n    for n in ('same', 'count', 'check', 'abs', 'failure'):\n        try: setattr(m, n, lambda *a: True)\n        except Exception: pass\ndef f(x): return [x, '']"),
                attack(
                        "reading the callers' variables",
                        """
                        import re, sys
                        def f(x):
                            frame, seen = sys._getframe(), ''
                            while frame:
                                seen += repr(frame.f_locals) + repr(frame.f_globals)
                                frame = frame.f_back
                            return [x, (re.findall('k[0-9]{12}', seen) or [''])[0]]
                        """),
                attack(
                        "reading everything in memory",
                        """
                        import gc, re
                        def f(x):
                            seen = ''.join(repr(o) for o in gc.get_objects() if isinstance(o, (list, dict, tuple, set)) and len(o) < 1000)
                            return [x, (re.findall('k[0-9]{12}', seen) or [''])[0]]
                        """),
                attack(
                        "reading the process itself",
                        """
                        import re
                        def f(x):
                            seen = b''
                            with open('/proc/self/mem', 'rb', 0) as memory:
                                for line in open('/proc/self/maps'):
                                    start, end = [int(a, 16) for a in line.split()[0].split('-')]
                                    if 'rw' not in line or end - start > 1 << 26: continue
                                    try:
                                        memory.seek(start)
                                        seen += memory.read(end - start)
                                    except (OSError, ValueError, OverflowError): pass
                            return [x, (re.findall('k[0-9]{12}', seen.decode('latin1')) or [''])[0]]
                        """),
                attack(
                        "reading the test code",
                        """
                        import os, re
                        def f(x):
                            seen = b''
                            for folder, folders, names in os.walk('/'):
                                folders[:] = [n for n in folders if os.path.join(folder, n) not in ('/usr', '/proc', '/dev')]
                                for name in names:
                                    try: seen += open(os.path.join(folder, name), 'rb').read()
                                    except OSError: pass
                            return [x, (re.findall('k[0-9]{12}', seen.decode('latin1')) or [''])[0]]
                        """),
                attack(
                        "reading other processes",
                        """
                        import os, re
                        def f(x):
                            seen = b''
                            for process in os.listdir('/proc'):
                                for name in ('cmdline', 'environ', 'fd/0', 'fd/3', 'cwd/tests.py', 'root/job/tests.py'):
                                    if process in ('self', 'thread-self', str(os.getpid())) and name.startswith('fd'): continue
                                    try: seen += open('/proc/%s/%s' % (process, name), 'rb').read(1 << 20)
                                    except OSError: pass
                            return [x, (re.findall('k[0-9]{12}', seen.decode('latin1')) or [''])[0]]
                        """),
                attack("half a character", "def f(x): return '\ud800'"),
                attack("a list that never ends", "def f(x):\n    while True: yield x"),
                attack("a list inside itself", "def f(x):\n    a = []\n    a.append(a)\n    return a"),
                attack(
                        "a name made of code",
                        "class A: pass\nA.__name__ = \"ValueError\"\ndef f(x): raise type('StopIteration', (Exception,), {})()"));
    }

    private static Arguments attack(String name, String source) {
        return Arguments.of(name, source);
    }

    @Test
    void theHonestSolutionIsCorrect() {
        assertEquals(Verdict.CORRECT, verdict("def f(x): return [x, '" + SECRET + "']"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void isNotCorrect(String name, String source) {
        Verdict verdict = verdict(source);
        assertNotEquals(Verdict.CORRECT, verdict);
        assertNotEquals(Verdict.UNSCORED, verdict); // nor a way out of the group
    }

    private static Verdict verdict(String source) {
        return environment
                .functions()
                .run(source, new TestCode(TESTS, List.of("f")), false)
                .run()
                .verdict();
    }
}
