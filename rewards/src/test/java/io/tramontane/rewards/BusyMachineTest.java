package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Verdicts beside three endless loops on every core, so that a program gets about a quarter of one. Limit: 1 s of CPU time.
 * Each loop has a session of its own, as the sandbox has: kernels share cores among sessions first.
 */
@Tag("alone")
class BusyMachineTest {
    private static final List<TestCase> ONE = List.of(new TestCase("", "done"));
    private static final List<Process> hogs = new ArrayList<>();
    private static CodeEnvironment environment;

    @BeforeAll
    static void crowd() throws IOException {
        SandboxForTests.open().close(); // skips without a sandbox
        environment = CodeEnvironment.open(CodeVerifierTest.QUICK);
        for (int i = 0; i < 3 * Runtime.getRuntime().availableProcessors(); i++)
            hogs.add(new ProcessBuilder("setsid", "/bin/sh", "-c", "while :; do :; done").start());
    }

    @AfterAll
    static void disperse() {
        hogs.forEach(Process::destroyForcibly);
        if (environment != null) environment.close();
    }

    @Test
    void aRightProgramStaysRight() throws IOException {
        TestRun run = run("import time\nwhile time.process_time() < 0.6: pass\nprint('done')");
        assertEquals(Verdict.CORRECT, run.verdict(), run.toString());
        assertTrue(run.millis() > 1000, "on the clock it must be longer than its limit: " + run);
    }

    @Test
    void aRightFunctionStaysRight() {
        TestCode tests = new TestCode("assert f() == 3", List.of("f"));
        TestRun run = environment
                .functions()
                .run("def f(): return sum([1, 2])", tests, false)
                .run();
        assertEquals(Verdict.CORRECT, run.verdict(), run.toString());
    }

    @Test
    void anEndlessLoopAndASleeperAreStillEnded() throws IOException {
        assertEquals(Verdict.TIME_LIMIT, run("while True: pass").verdict());
        assertEquals(Verdict.TIME_LIMIT, run("import time; time.sleep(1000)").verdict());
    }

    private static TestRun run(String source) throws IOException {
        try (Programs.Program program = environment.programs().prepare(CodeLanguage.PYTHON, source)) {
            return environment.runner().run(program, ONE.get(0));
        }
    }
}
