package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone")
class CodeVerifierTest {
    private static final List<TestCase> SUMS =
            List.of(new TestCase("1 2\n", "3\n"), new TestCase("10 20\n", "30\n"), new TestCase("-1 -2 \n", "-3\n"));
    private static final String RIGHT = "a, b = map(int, input().split())\nprint(a + b)";
    static final RewardConfig QUICK = new RewardConfig(1024, 256, List.of("en", "fr"), 20, 1, 300, 3);
    private static SandboxForTests sandbox;
    private static Programs programs;
    private static CodeVerifier verifier;
    private static final AtomicInteger runs = new AtomicInteger();

    @BeforeAll
    static void open() {
        sandbox = SandboxForTests.open();
        Sandbox counting = job -> {
            runs.incrementAndGet();
            return sandbox.sandbox().run(job);
        };
        programs = new Programs(counting, QUICK.compileSeconds());
        TestRunner runner = new TestRunner(counting, QUICK);
        verifier = new CodeVerifier(programs, runner, new FunctionRunner(counting, runner), false);
    }

    @AfterAll
    static void close() {
        if (programs != null) programs.close();
        if (sandbox != null) sandbox.close();
    }

    @Test
    void aRightPythonProgramIsCorrect() {
        assertPython(Verdict.CORRECT, "a, b = map(int, input().split())\nprint(a + b)");
    }

    @Test
    void theNamesOfTheSiteModuleAreThere() {
        assertPython(Verdict.CORRECT, "a, b = map(int, input().split())\nprint(a + b)\nexit()");
    }

    @Test
    void theProgramIsTheMainModule() {
        assertPython(
                Verdict.CORRECT,
                "def main():\n    print(sum(map(int, input().split())))\nif __name__ == '__main__': main()");
        assertPython(Verdict.RUNTIME_ERROR, "sys.stdout.write('3')"); // it did not import sys
    }

    @Test
    void aWrongProgramStopsAtTheFirstTestAndIsJudgedOnce() {
        int before = runs.get();
        for (int i = 0; i < 3; i++) assertPython(Verdict.WRONG, "print(12345)");
        assertEquals(1, runs.get() - before);
    }

    @Test
    void aProgramThatPassesTheFirstTestOnlyIsWrong() {
        assertPython(Verdict.WRONG, "input()\nprint(3)");
    }

    @Test
    void aRightAnswerBeforeACrashIsAnError() {
        assertPython(Verdict.RUNTIME_ERROR, "print(sum(map(int, input().split())))\nraise SystemExit(1)");
        assertPython(Verdict.RUNTIME_ERROR, "this is no program");
    }

    @Test
    void limitsHaveTheirOwnVerdicts() {
        assertPython(Verdict.TIME_LIMIT, "while True: pass");
        assertPython(Verdict.MEMORY_LIMIT, "x = [0] * 10**9");
        assertPython(Verdict.OUTPUT_LIMIT, "while True: print('x' * 1000)");
    }

    @Test
    void aRightCppProgramIsCorrectAndCompiledOnce() {
        String source =
                "#include <bits/stdc++.h>\nint main() { long a, b; std::cin >> a >> b; auto s = std::views::single(a + b); std::cout << s[0]; }";
        assertEquals(Verdict.CORRECT, judge(CodeLanguage.CPP, SUMS, "cpp", source)); // views: C++20
        int before = runs.get();
        assertEquals(Verdict.CORRECT, judge(CodeLanguage.CPP, SUMS.subList(0, 2), "c++", source));
        assertEquals(2, runs.get() - before); // two tests, no compilation
    }

    @Test
    void cppFailuresHaveTheirOwnVerdicts() {
        assertEquals(Verdict.COMPILE_ERROR, judge(CodeLanguage.CPP, SUMS, "cpp", "int main() { return x; }"));
        assertEquals(
                Verdict.COMPILE_ERROR, judge(CodeLanguage.CPP, SUMS, "cpp", "#include \"/etc/passwd\"\nint main() {}"));
        String bomb =
                "constexpr unsigned f(unsigned n) { unsigned s = 0; for (unsigned i = 0; i < n; i++) for (unsigned j = 0; j < 200000; j++) s += i ^ j; return s; }\n"
                        + "#define F(n) constexpr unsigned v##n = f(100);\n"
                        + "F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9)\nint main() {}";
        assertEquals(Verdict.COMPILE_TIMEOUT, judge(CodeLanguage.CPP, SUMS, "cpp", bomb));
    }

    @Test
    void aHungryCppProgramMeetsTheMemoryLimit() {
        assertEquals(
                Verdict.MEMORY_LIMIT,
                judge(
                        CodeLanguage.CPP,
                        SUMS,
                        "cpp",
                        "#include <vector>\nint main() { std::vector<char> v(400u << 20, 1); return v[7]; }"));
    }

    @Test
    void aProgramInAnotherLanguageIsNotRun() {
        int before = runs.get();
        assertEquals(Verdict.UNPARSEABLE, judge(CodeLanguage.PYTHON, SUMS, "cpp", "int main() {}"));
        assertEquals(Verdict.UNPARSEABLE, judge(CodeLanguage.PYTHON, SUMS, "haskell", "main = pure ()"));
        assertEquals(before, runs.get());
    }

    @Test
    void withPartialCreditTheShareOfTheTestsThatPassIsTheCredit() {
        CodeVerifier generous = verifier(true);
        Problem problem = Problem.code("sum", "en", "Print the sum.", CodeLanguage.PYTHON, SUMS, Map.of());
        TestDraw draw = TestDraw.of(problem, 20, 1, 1);
        VerifierOutcome outcome = generous.check(problem, draw, "python", "print(abs(sum(map(int, input().split()))))");
        assertEquals(Verdict.WRONG, outcome.verdict());
        assertEquals(2 / 3.0, outcome.share(), 1e-12); // 3 and 30, but not -3
        assertEquals(2, outcome.evidence().passed());
        assertEquals(1, generous.check(problem, draw, "python", RIGHT).share());
        assertEquals(
                0, generous.check(problem, draw, "python", "this is no program").share());
        assertEquals(
                0,
                verifier.check(problem, draw, "python", "print(abs(sum(map(int, input().split()))))")
                        .share());
    }

    @Test
    void testCodeComesAfterTheTestsAndCountsItsAsserts() {
        TestCode code = new TestCode("assert add(1, 2) == 3\nassert add(1, 1) == 3", List.of("add"));
        Problem problem =
                new Problem("add", Kind.CODE, "en", "?", null, CodeLanguage.PYTHON, SUMS.subList(0, 2), code, Map.of());
        TestDraw draw = TestDraw.of(problem, 20, 1, 1);
        String source =
                "def add(a, b): return a + b\nif __name__ == '__main__': print(add(*map(int, input().split())))";
        VerifierOutcome outcome = verifier(true).check(problem, draw, "python", source);
        assertEquals("test code: assertion 2 failed", outcome.why());
        assertEquals(3 / 4.0, outcome.share(), 1e-12);
        assertEquals(0, verifier.check(problem, draw, "python", source).share());
    }

    @Test
    void aFunctionProblemNeedsNoTests() {
        Problem problem = Problem.function("f", "en", "?", new TestCode("assert f(1) == 2", List.of("f")), Map.of());
        TestDraw draw = TestDraw.of(problem, 20, 1, 1);
        VerifierOutcome right = verifier.check(problem, draw, "py", "f = lambda x: x + 1");
        assertEquals("passed the test code with 1 asserts", right.why());
        assertEquals("testcode", right.evidence().rule());
        assertEquals(
                Verdict.WRONG,
                verifier.check(problem, draw, "py", "f = lambda x: x").verdict());
        assertEquals(
                Verdict.UNPARSEABLE, verifier.check(problem, draw, "cpp", "f").verdict());
    }

    private static CodeVerifier verifier(boolean partialCredit) {
        TestRunner runner = new TestRunner(sandbox.sandbox(), QUICK);
        return new CodeVerifier(programs, runner, new FunctionRunner(sandbox.sandbox(), runner), partialCredit);
    }

    private static void assertPython(Verdict expected, String source) {
        assertEquals(expected, judge(CodeLanguage.PYTHON, SUMS, "python", source));
    }

    private static Verdict judge(CodeLanguage language, List<TestCase> tests, String tag, String source) {
        Problem problem = Problem.code("sum", "en", "Print the sum of two numbers.", language, tests, Map.of());
        return verifier.check(problem, TestDraw.of(problem, 20, 1, 1), tag, source)
                .verdict();
    }
}
