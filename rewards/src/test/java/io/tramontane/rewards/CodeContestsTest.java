package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.source.DataSets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The 20 problems of the CodeContests sample, in both languages, with solutions of our own for some. */
@Tag("heavy")
@Tag("alone")
class CodeContestsTest {
    private static CodeEnvironment environment;
    private static List<Problem> problems;

    @BeforeAll
    static void open() {
        SandboxForTests.open().close(); // skips without a sandbox
        problems = DataSets.read(SharedData.path("code_contests_sample"));
        environment = CodeEnvironment.open(RewardConfig.defaults());
    }

    @AfterAll
    static void close() {
        if (environment != null) environment.close();
    }

    /** No 19.cpp: one of problem 19's tests wants its answers on lines where the others want blanks, and the draw for C++ has it. */
    @ParameterizedTest
    @ValueSource(strings = {"3.py", "9.py", "12.py", "14.py", "17.py", "19.py", "9.cpp", "14.cpp"})
    void aRightProgramIsCorrectAndOneThatAddsALineIsNot(String file) throws IOException {
        String source = resource(file);
        boolean python = file.endsWith(".py");
        String id = "codecontests/" + file.replaceFirst("\\..*", "") + (python ? "/python" : "/cpp");
        Problem problem =
                problems.stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
        VerifierOutcome outcome = judge(problem, source);
        assertEquals(Verdict.CORRECT, outcome.verdict(), outcome.toString());
        assertEquals(20, outcome.evidence().passed());
        String spoiled = python ? source + "print(1)\n" : source + "struct Last { ~Last() { puts(\"1\"); } } last;\n";
        assertEquals(Verdict.WRONG, judge(problem, spoiled).verdict());
    }

    @Test
    void aProgramThatAlwaysSaysTheSameIsNeverCorrectAndAlwaysJudged() {
        assertEquals(40, problems.size());
        for (Problem problem : problems) {
            boolean python = problem.codeLanguage() == CodeLanguage.PYTHON;
            String source = python ? "print(0)" : "#include <cstdio>\nint main() { puts(\"0\"); }";
            VerifierOutcome outcome = judge(problem, source);
            assertEquals(Verdict.WRONG, outcome.verdict(), problem.id() + ": " + outcome);
        }
    }

    @Test
    void limitsAreToldFromWrongAnswers() {
        Problem python = problems.get(0);
        Problem cpp = problems.get(1);
        assertEquals(Verdict.TIME_LIMIT, judge(python, "while True: pass").verdict());
        assertEquals(Verdict.COMPILE_ERROR, judge(cpp, "int main() {").verdict());
        assertEquals(
                Verdict.RUNTIME_ERROR,
                judge(cpp, "#include <cstdlib>\nint main() { abort(); }").verdict());
    }

    private static VerifierOutcome judge(Problem problem, String source) {
        String tag = problem.codeLanguage() == CodeLanguage.PYTHON ? "python" : "cpp";
        return environment.verifier().check(problem, TestDraw.of(problem, 20, 1, 1), tag, source);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CodeContestsTest.class.getResourceAsStream("/codecontests/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
