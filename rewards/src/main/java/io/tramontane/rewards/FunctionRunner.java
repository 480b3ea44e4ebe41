package io.tramontane.rewards;

import io.tramontane.data.DaemonThreads;
import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Judges a Python function by test code. Two programs in two sandboxes: the solution, which never sees the test code, and
 * the checker, which runs it and never runs a line of the solution. Between them plain data (docs/rewards-code.md):
 *
 * <pre>
 *   checker  -- call f with these arguments --->  solution
 *            <-- it returned / it raised -------          the verdict is the checker's exit code
 * </pre>
 */
final class FunctionRunner implements AutoCloseable {
    private static final int PASSED = 0;
    private static final int WRONG = 3;
    private static final int RAISED = 4;
    private static final int LOST = 5;
    private static final int BROKEN = 6;
    /** All calls together have the time of so many tests: MBPP has three a problem, and its slowest reference needs two. */
    static final int TESTS = 3;

    private static final int FOREVER = 1 << 20;
    private static final long PIPE_BYTES = 32L << 20;

    private final Sandbox sandbox;
    private final TestRunner limits;
    private final ExecutorService solutions = Executors.newCachedThreadPool(DaemonThreads.named("solution"));

    FunctionRunner(Sandbox sandbox, TestRunner limits) {
        this.sandbox = sandbox;
        this.limits = limits;
    }

    /**
     * What the checker found.
     *
     * @param passed asserts that held
     * @param total asserts that there are; passed == total only if {@code run} passed
     */
    record FunctionRun(TestRun run, int passed, int total) {
        static FunctionRun none(TestRun failure) {
            return new FunctionRun(failure, 0, 1);
        }
    }

    /**
     * Runs test code against a solution.
     *
     * @param all go on after an assert that failed, for partial credit
     */
    FunctionRun run(String source, TestCode tests, boolean all) {
        Path solution = null;
        Path checker = null;
        try {
            solution = folder("solution.py");
            Files.writeString(solution.resolve("program.py"), Programs.printable(source));
            checker = folder("checker.py");
            Files.writeString(checker.resolve("tests.py"), Programs.printable(tests.source()));
            String names = (all ? "all" : "first") + "\n" + String.join("\n", tests.entryPoints()) + "\n";
            Files.writeString(checker.resolve("names.txt"), names);
            return run(solution, checker);
        } catch (IOException | ExecutionException ours) {
            return FunctionRun.none(TestRun.notStarted(Verdict.UNSCORED, "cannot run the test code: " + ours));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return FunctionRun.none(TestRun.notStarted(Verdict.UNSCORED, "interrupted"));
        } finally {
            Bubblewrap.delete(solution);
            Bubblewrap.delete(checker);
        }
    }

    private FunctionRun run(Path solution, Path checker) throws ExecutionException, InterruptedException {
        Limits test = limits.limits(PIPE_BYTES);
        Limits allowed = test.times(TESTS * test.cpuSeconds(), test.cpuSeconds());
        Limits waiting = test.times(TESTS * test.cpuSeconds(), FOREVER);
        CompletableFuture<Void> checked = new CompletableFuture<>();
        try (Pipe calls = new Pipe();
                Pipe answers = new Pipe()) {
            Job answering = new Job(python("solution"), solution, null, calls::writeTo, answers, allowed, checked);
            Job checking = new Job(python("checker"), checker, null, answers::writeTo, calls, waiting, null);
            Future<Result> other = solutions.submit(() -> {
                Result result = sandbox.run(answering);
                answers.close();
                return result;
            });
            Result check = sandbox.run(checking);
            // a process that is lost has its reason in its own result: wait for that
            if (check.ending() != Ending.EXITED || check.exitCode() != LOST) checked.complete(null);
            calls.close();
            return verdict(check, other.get(), allowed);
        }
    }

    private static FunctionRun verdict(Result check, Result solution, Limits allowed) {
        boolean lost = check.ending() == Ending.EXITED && check.exitCode() == LOST;
        if (check.ending() == Ending.FAULT || lost && solution.ending() == Ending.FAULT)
            return FunctionRun.none(TestRun.notStarted(Verdict.UNSCORED, check.stderr() + solution.stderr()));
        String[] report = check.stderr().split(" ", 3); // passed, total, why
        boolean reported = report.length == 3 && report[0].matches("\\d{1,9}") && report[1].matches("\\d{1,9}");
        if (check.ending() != Ending.EXITED || !reported)
            return FunctionRun.none(TestRunner.failed(check, allowed, ""));
        TestRun run = lost && !solution.succeeded()
                ? TestRunner.failed(solution, allowed, "")
                : new TestRun(verdict(check.exitCode(), report[2]), report[2], "", 1000 * check.seconds());
        return new FunctionRun(run, Integer.parseInt(report[0]), Integer.parseInt(report[1]));
    }

    private static Verdict verdict(int exitCode, String why) {
        return switch (exitCode) {
            case PASSED -> Verdict.CORRECT;
            case WRONG -> Verdict.WRONG;
            case RAISED -> why.startsWith("MemoryError") ? Verdict.MEMORY_LIMIT : Verdict.RUNTIME_ERROR;
            case BROKEN -> Verdict.UNSCORED;
            default -> Verdict.RUNTIME_ERROR;
        };
    }

    private static List<String> python(String script) {
        return List.of(Programs.PYTHON, "-s", "-S", "-B", "/job/" + script + ".py");
    }

    private static Path folder(String script) throws IOException {
        Path folder = Bubblewrap.readableFolder();
        for (String name : List.of(script, "wire.py")) {
            try (InputStream in = FunctionRunner.class.getResourceAsStream("/sandbox/" + name)) {
                if (in == null) throw new IOException("resource /sandbox/" + name + " is missing");
                Files.write(folder.resolve(name), in.readAllBytes());
            }
        }
        return folder;
    }

    @Override
    public void close() {
        solutions.shutdownNow();
    }
}
