package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone")
class ProgramRunsTest {
    @Test
    void everyTestIsRunAndToldWithItsOutput() {
        SandboxForTests.open().close(); // skips without a sandbox
        try (ProgramRuns runs = ProgramRuns.open(CodeVerifierTest.QUICK)) {
            assertTrue(runs.available(), runs.unavailableReason());
            List<TestCase> tests = List.of(
                    new TestCase("1", "1"), new TestCase("0", "1"), new TestCase("2", "2"), new TestCase("x", "1"));
            List<TestRun> all = runs.run(CodeLanguage.PYTHON, "print(4 // int(input()) // 2)", tests);
            assertEquals(
                    List.of(Verdict.WRONG, Verdict.RUNTIME_ERROR, Verdict.WRONG, Verdict.RUNTIME_ERROR),
                    all.stream().map(TestRun::verdict).toList());
            assertEquals("2\n", all.get(0).output());
            assertEquals("1\n", all.get(2).output());
            List<TestRun> none = runs.run(CodeLanguage.CPP, "int main( {}", tests);
            assertEquals(4, none.size());
            assertEquals(Verdict.COMPILE_ERROR, none.get(3).verdict());
        }
    }

    @Test
    void costsAreMeasuredOnProgramsThatWork() throws Exception {
        SandboxForTests.open().close(); // skips without a sandbox
        try (ProgramCosts costs = ProgramCosts.open(RewardConfig.defaults())) {
            ProgramCosts.Overhead overhead = costs.overhead(CodeLanguage.PYTHON, 3);
            assertEquals(3, overhead.bareMillis().size());
            assertEquals(3, overhead.sandboxedMillis().size());
            assertTrue(costs.compileSeconds(false) > 0);
        }
    }
}
