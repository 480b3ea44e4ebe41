package io.tramontane.rewards;

import io.tramontane.data.Evidence;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.FunctionRunner.FunctionRun;
import io.tramontane.rewards.ProgramSlots.NoFreeSlot;
import io.tramontane.rewards.VerifierOutcome.Correct;
import io.tramontane.rewards.VerifierOutcome.Failed;
import io.tramontane.rewards.VerifierOutcome.Unparseable;
import io.tramontane.rewards.VerifierOutcome.VerifierFault;
import io.tramontane.rewards.VerifierOutcome.Wrong;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Judges a program by its tests (paper section 2.2.2): the drawn stdin/stdout tests, then the test code. All must pass,
 * and the first failure ends the judging; with partial credit all are run and the share that passed is the credit. The
 * same program with the same tests is judged once, also when two threads want it at the same time. Each compilation and
 * each test takes a slot of its own ({@link ProgramSlots}).
 */
final class CodeVerifier {
    private static final int KEPT = 512;
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Set<String> PYTHON_TAGS = Set.of("python", "py", "python3");
    private static final Set<String> CPP_TAGS = Set.of("cpp", "c++", "cc", "cxx");

    private final Programs programs;
    private final TestRunner runner;
    private final FunctionRunner functions;
    private final boolean partialCredit;
    private final ProgramSlots slots = ProgramSlots.ofCores();
    private final Map<Key, CompletableFuture<VerifierOutcome>> judged = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, CompletableFuture<VerifierOutcome>> eldest) {
            return size() > KEPT;
        }
    };

    CodeVerifier(Programs programs, TestRunner runner, FunctionRunner functions, boolean partialCredit) {
        this.programs = programs;
        this.runner = runner;
        this.functions = functions;
        this.partialCredit = partialCredit;
    }

    private record Key(CodeLanguage language, String source, List<TestCase> tests, TestCode testCode) {}

    /** The same as below, without progress reports. */
    VerifierOutcome check(Problem problem, TestDraw draw, String tag, String source) {
        return check(problem, draw, new Answer(tag, source), () -> {});
    }

    /**
     * A program as it was written.
     *
     * @param tag the language named after the backticks
     * @param source what stood in the block
     */
    record Answer(String tag, String source) {}

    /**
     * Judges one program.
     *
     * @param moved is told after each compilation and each test, by the thread that asks
     */
    VerifierOutcome check(Problem problem, TestDraw draw, Answer answer, Runnable moved) {
        CodeLanguage language = language(answer.tag());
        if (language != problem.codeLanguage())
            return new Unparseable(
                    "the program is in " + answer.tag() + ", asked for " + problem.codeLanguage(),
                    Evidence.of("language"));
        Key key = new Key(language, answer.source(), draw.tests(), problem.testCode());
        CompletableFuture<VerifierOutcome> mine = new CompletableFuture<>();
        CompletableFuture<VerifierOutcome> known;
        synchronized (judged) {
            known = judged.putIfAbsent(key, mine);
        }
        return known == null ? judge(key, draw, mine, moved) : await(known, moved);
    }

    private VerifierOutcome judge(Key key, TestDraw draw, CompletableFuture<VerifierOutcome> result, Runnable moved) {
        VerifierOutcome outcome = new VerifierFault("it was not judged to its end");
        try {
            outcome = judge(key, draw, moved);
            return outcome;
        } catch (NoFreeSlot ours) {
            outcome = new VerifierFault(ours.getMessage());
            return outcome;
        } finally {
            if (outcome.isOurFault()) {
                synchronized (judged) {
                    judged.remove(key, result);
                }
            }
            result.complete(outcome);
        }
    }

    /** Waits for the thread that judges the program; the limits of the tests bound that. */
    private static VerifierOutcome await(CompletableFuture<VerifierOutcome> judging, Runnable moved) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            try {
                return judging.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                moved.run();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return new VerifierFault("interrupted");
            } catch (ExecutionException never) {
                return new VerifierFault(never.toString());
            }
        }
        return new VerifierFault("the same program is still being judged after " + LONGEST.toHours() + " hours");
    }

    private static CodeLanguage language(String tag) {
        if (PYTHON_TAGS.contains(tag)) return CodeLanguage.PYTHON;
        return CPP_TAGS.contains(tag) ? CodeLanguage.CPP : null;
    }

    private VerifierOutcome judge(Key key, TestDraw draw, Runnable moved) throws NoFreeSlot {
        Tally tally = new Tally(draw);
        try (Programs.Program program = slots.take(() -> programs.prepare(key.language(), key.source()))) {
            moved.run();
            if (program.failure() != null) return outcome(program.failure(), "", 0, Evidence.of("compiler"));
            for (int i = 0; i < draw.tests().size() && tally.goesOn(); i++) {
                TestCase test = draw.tests().get(i);
                tally.add(i, slots.take(() -> runner.run(program, test)));
                moved.run();
            }
        } catch (IOException ours) {
            return new VerifierFault("cannot prepare the program: " + ours);
        }
        if (key.testCode() != null && tally.goesOn()) {
            tally.add(slots.take(() -> functions.run(key.source(), key.testCode(), partialCredit)));
            moved.run();
        }
        return tally.outcome();
    }

    private static VerifierOutcome outcome(TestRun failure, String which, double share, Evidence evidence) {
        String why = which + failure.why();
        return switch (failure.verdict()) {
            case UNSCORED -> new VerifierFault(why);
            case WRONG -> new Wrong(why, share, evidence);
            default -> new Failed(failure.verdict(), why, share, evidence);
        };
    }

    /** What one program did so far. A test that we could not run makes the outcome a fault of ours, whatever passed. */
    private final class Tally {
        private final TestDraw draw;
        private final String drawn;
        private int passed;
        private int asserts;
        private int assertsPassed;
        private TestRun failure;
        private String where;

        Tally(TestDraw draw) {
            this.draw = draw;
            this.drawn = "draw " + Long.toHexString(draw.seed());
        }

        boolean goesOn() {
            return failure == null || partialCredit && failure.verdict() != Verdict.UNSCORED;
        }

        void add(int test, TestRun run) {
            if (run.passed()) passed++;
            else
                note(
                        run,
                        "test " + (test + 1) + " of " + draw.tests().size() + " (number "
                                + draw.numbers().get(test) + ", " + drawn + "): ");
        }

        void add(FunctionRun function) {
            asserts = function.total();
            assertsPassed = function.passed();
            if (!function.run().passed()) note(function.run(), "test code: ");
        }

        private void note(TestRun run, String at) {
            if (failure != null && run.verdict() != Verdict.UNSCORED) return; // the first one is told
            failure = run;
            where = at;
        }

        VerifierOutcome outcome() {
            int tests = draw.tests().size();
            Evidence evidence = new Evidence(tests > 0 ? "tests" : "testcode", draw.seed(), draw.numbers(), passed);
            double share = partialCredit ? (double) (passed + assertsPassed) / (tests + asserts) : 0;
            if (failure != null) return CodeVerifier.outcome(failure, where, share, evidence);
            String code = asserts > 0 ? "the test code with " + asserts + " asserts" : "";
            String both = tests > 0 && asserts > 0 ? " and " : "";
            return new Correct("passed " + (tests > 0 ? tests + " tests (" + drawn + ")" : "") + both + code, evidence);
        }
    }
}
