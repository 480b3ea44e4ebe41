package io.tramontane.rewards;

import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs one program on many tests and says what happened on each: for looking after a problem's tests, not for rewards.
 * Nothing stops at the first failure. The same sandbox, limits and comparison as {@link Verifiers}. Safe for several
 * threads.
 */
public final class ProgramRuns implements AutoCloseable {
    private final CodeEnvironment environment;

    private ProgramRuns(CodeEnvironment environment) {
        this.environment = environment;
    }

    /** Tries the sandbox; without one {@link #available} is false and every run is UNSCORED. */
    public static ProgramRuns open(RewardConfig config) {
        return new ProgramRuns(CodeEnvironment.open(config));
    }

    /** True when programs can be run. */
    public boolean available() {
        return environment.verifier() != null;
    }

    /** Why programs cannot be run; empty when they can. */
    public String unavailableReason() {
        return environment.unavailable();
    }

    /**
     * Runs a program on every test.
     *
     * @return [tests] in the same order; a program that does not compile has that verdict on each
     */
    public List<TestRun> run(CodeLanguage language, String source, List<TestCase> tests) {
        if (!available())
            return Collections.nCopies(tests.size(), TestRun.notStarted(Verdict.UNSCORED, environment.unavailable()));
        try (Programs.Program program = environment.programs().prepare(language, source)) {
            if (program.failure() != null) return Collections.nCopies(tests.size(), program.failure());
            List<TestRun> runs = new ArrayList<>();
            for (TestCase test : tests) runs.add(environment.runner().run(program, test));
            return runs;
        } catch (IOException ours) {
            return Collections.nCopies(
                    tests.size(), TestRun.notStarted(Verdict.UNSCORED, "cannot prepare the program: " + ours));
        }
    }

    @Override
    public void close() {
        environment.close();
    }
}
