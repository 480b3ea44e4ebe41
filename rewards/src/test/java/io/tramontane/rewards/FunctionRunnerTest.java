package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.FunctionRunner.FunctionRun;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What test code may ask of a solution, and what becomes of the answers. */
@Tag("alone")
class FunctionRunnerTest {
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

    @Test
    void assertsDecide() {
        assertVerdict(Verdict.CORRECT, "def f(x): return 2 * x", "assert f(2) == 4\nassert f('ab') == 'abab'");
        assertVerdict(Verdict.WRONG, "def f(x): return 4", "assert f(2) == 4\nassert f('ab') == 'abab'");
        assertEquals(
                "assertion 2 failed",
                run("def f(x): return 4", "assert f(2) == 4\nassert f(1) == 2").why());
    }

    @Test
    void everyKindOfPlainDataComesBackAsItIs() {
        String values = "[None, True, -3, 2**70, 1.5, float('inf'), 1j, 'é\\ud800', b'b', bytearray(b'c'), (1,), {2}, "
                + "frozenset({3}), {4: [5, (6,)]}, range(1, 9, 2), ...]";
        assertVerdict(
                Verdict.CORRECT,
                "def f(x): return x",
                "for v in %s:\n    assert f(v) == v and type(f(v)) is type(v)".formatted(values));
    }

    @Test
    void subclassesComeBackAsTheirBase() {
        String source =
                """
                import collections, enum
                def f(x): return collections.Counter(x)
                def g(): return collections.namedtuple('P', 'x y')(1, 2)
                def h(): return enum.IntEnum('E', 'A').A
                def i(): yield from 'ab'
                def j(): return {1: 2}.keys()
                """;
        assertVerdict(
                Verdict.CORRECT,
                source,
                "assert f('aab') == {'a': 2, 'b': 1}\nassert g() == (1, 2)\nassert h() == 1\n"
                        + "assert list(i()) == ['a', 'b']\nassert sorted(j()) == [1]");
    }

    @Test
    void aFloatMayBeOffByAMillionthInAnAssertButAnIntegerMayNot() {
        String source = "def f(): return [0.1 + 0.2, {'a': 1e9 + 1}]\ndef g(): return 1.0000001";
        assertVerdict(Verdict.CORRECT, source, "assert f() == [0.3, {'a': 1e9}]");
        assertVerdict(Verdict.WRONG, source, "assert f() == [0.301, {'a': 1e9}]");
        assertVerdict(Verdict.WRONG, source, "assert g() == 1");
        assertVerdict(Verdict.WRONG, "def f(): return (1, 2)", "assert f() == [1, 2]");
        assertVerdict(Verdict.WRONG, "def f(): return float('nan')", "assert f() == 1.0");
    }

    @Test
    void objectsStayWithTheSolutionAndCanBeUsedFromOutside() {
        String source =
                """
                class Node:
                    def __init__(self, value): self.value, self.next = value, None
                    def double(self): return 2 * self.value
                def length(node): return 0 if node is None else 1 + length(node.next)
                """;
        assertVerdict(
                Verdict.CORRECT,
                source,
                "a = Node(1)\na.next = Node(2)\nassert length(a) == 2\nassert a.next.value == 2\nassert a.double() == 2\n"
                        + "assert length(None) == 0");
    }

    @Test
    void errorsCanBeExpected() {
        String tests =
                """
                try:
                    f(-1)
                    assert False
                except ValueError as error:
                    assert 'negative' in str(error)
                """;
        assertVerdict(Verdict.CORRECT, "def f(x):\n    if x < 0: raise ValueError('negative')", tests);
        assertVerdict(Verdict.RUNTIME_ERROR, "def f(x):\n    if x < 0: raise KeyError('negative')", tests);
        assertVerdict(Verdict.WRONG, "def f(x): pass", tests);
    }

    @Test
    void whatAFunctionDoesToItsArgumentsIsNotSeen() {
        assertVerdict(Verdict.CORRECT, "def f(x): x.clear()", "a = [1]\nf(a)\nassert a == [1]");
    }

    @Test
    void aFunctionMayBeNamedLikeABuiltin() {
        assertVerdict(
                Verdict.CORRECT, "def sum(a, b): return a - b", new TestCode("assert sum(5, 2) == 3", List.of("sum")));
        assertVerdict(
                Verdict.WRONG, "def sum(a): return 7", "assert sum([5, 2]) == 8"); // nobody said that it is asked for
    }

    @Test
    void missingNamesAreReported() {
        TestRun run = run("def g(): pass", "assert f() == 1");
        assertEquals(Verdict.RUNTIME_ERROR, run.verdict());
        assertEquals("NameError: name 'f' is not defined", run.why());
        assertVerdict(Verdict.RUNTIME_ERROR, "def f(:", "assert f() == 1");
    }

    @Test
    void printingAndReadingDoNotDisturb() {
        assertVerdict(
                Verdict.CORRECT,
                "import sys\nprint('hello')\ndef f():\n    print(1)\n    print(2, file=sys.stderr)\n    return 3",
                "print('tests')\nassert f() == 3");
        assertEquals(
                "EOFError: EOF when reading a line",
                run("def f(): return input()", "assert f() == 3").why());
    }

    @Test
    void theMainBlockDoesNotRun() {
        assertVerdict(
                Verdict.CORRECT, "def f(): return 3\nif __name__ == '__main__': raise OSError()", "assert f() == 3");
    }

    @Test
    void limitsHaveTheirOwnVerdicts() {
        assertVerdict(Verdict.TIME_LIMIT, "def f():\n    while True: pass", "assert f() == 3");
        assertVerdict(Verdict.TIME_LIMIT, "import time\ndef f(): time.sleep(100)", "assert f() == 3");
        assertVerdict(Verdict.MEMORY_LIMIT, "def f(): return [0] * 10**9", "assert f() == 3");
        assertVerdict(Verdict.OUTPUT_LIMIT, "def f(): return 'x' * (33 << 20)", "assert f() == 3");
    }

    @Test
    void allCallsTogetherHaveTheTimeOfThreeTests() {
        String source =
                "import time\ndef f(x):\n    end = time.process_time() + x\n    while time.process_time() < end: pass\n    return x";
        assertVerdict(Verdict.CORRECT, source, "assert f(0.5) == 0.5\nassert f(1.5) == 1.5");
        TestRun run = run(source, "assert f(1) == 1\nassert f(30) == 30");
        assertEquals(Verdict.TIME_LIMIT, run.verdict());
        assertEquals("more than 3 s", run.why());
    }

    @Test
    void typesAndModulesOfTheStandardLibraryMayBeUsed() {
        assertVerdict(
                Verdict.CORRECT,
                "def f(x, kind): return type(x) if isinstance(x, kind) else None",
                "assert f(3, int) == int\nassert f('a', int) is None\nassert math.sqrt(4) == 2");
    }

    @Test
    void testCodeThatDoesNotCompileIsOurFault() {
        assertVerdict(Verdict.UNSCORED, "def f(): return 3", "assert f( == 3");
    }

    @Test
    void withPartialCreditEveryAssertIsTried() {
        FunctionRun run = environment
                .functions()
                .run(
                        "def f(x): return x * x",
                        new TestCode(
                                "assert f(2) == 4\nassert f(3) == 6\nassert f(4).no\nassert f(5) == 25", List.of()),
                        true);
        assertEquals(Verdict.WRONG, run.run().verdict(), run.toString());
        assertEquals(2, run.passed());
        assertEquals(4, run.total());
    }

    @Test
    void leavingAfterTheFirstAssertLeavesTheOthersFailed() {
        String source = "import os\nseen = []\ndef f(x):\n    if seen: os._exit(0)\n    seen.append(x)\n    return 4";
        FunctionRun run = environment
                .functions()
                .run(source, new TestCode("assert f(2) == 4\nassert f(3) == 6\nassert f(4) == 8", List.of()), true);
        assertEquals(1, run.passed());
        assertEquals(3, run.total());
        assertTrue(!run.run().passed());
    }

    private static void assertVerdict(Verdict expected, String source, String tests) {
        assertVerdict(expected, source, new TestCode(tests, List.of()));
    }

    private static void assertVerdict(Verdict expected, String source, TestCode tests) {
        TestRun run = environment.functions().run(source, tests, false).run();
        assertEquals(expected, run.verdict(), run.toString());
    }

    private static TestRun run(String source, String tests) {
        return environment
                .functions()
                .run(source, new TestCode(tests, List.of()), false)
                .run();
    }
}
