package io.tramontane.rewards;

import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One program on one stdin/stdout test: a new sandbox, the test's limits, a verdict. What it should print never enters
 * the sandbox.
 */
final class TestRunner {
    private static final long MIN_OUTPUT = 1L << 20;
    private static final int THREADS = 4;
    private static final int FILE_MEGABYTES = 16;
    private static final int SHOWN = 200;

    private final Sandbox sandbox;
    private final RewardConfig config;

    TestRunner(Sandbox sandbox, RewardConfig config) {
        this.sandbox = sandbox;
        this.config = config;
    }

    TestRun run(Programs.Program program, TestCase test) {
        Limits limits = limits(Math.max(MIN_OUTPUT, 4L * test.stdout().length()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        byte[] stdin = test.stdin().getBytes(StandardCharsets.UTF_8);
        Result result = sandbox.run(new Job(program.command(), program.folder(), null, stdin, printed, limits));
        String output = printed.toString(StandardCharsets.UTF_8);
        if (!result.succeeded()) return failed(result, limits, output);
        boolean same = OutputComparator.same(test.stdout(), output, test.compare());
        return new TestRun(
                same ? Verdict.CORRECT : Verdict.WRONG,
                same ? "passed" : "another output",
                output,
                1000 * result.seconds());
    }

    /** What a program may use on one test. */
    Limits limits(long outputBytes) {
        return new Limits(config.testSeconds(), config.memoryMegabytes(), outputBytes, THREADS, false, FILE_MEGABYTES);
    }

    /** The verdict on a program that did not end by itself with exit code 0. */
    static TestRun failed(Result result, Limits limits, String output) {
        double millis = 1000 * result.seconds();
        return switch (result.ending()) {
            case FAULT, STOPPED -> new TestRun(Verdict.UNSCORED, result.stderr(), output, millis);
            case TIME -> new TestRun(Verdict.TIME_LIMIT, "more than " + limits.cpuSeconds() + " s", output, millis);
            case OUTPUT ->
                new TestRun(
                        Verdict.OUTPUT_LIMIT, "more than " + limits.outputBytes() + " bytes of output", output, millis);
            case EXITED -> crashed(result, limits, output);
        };
    }

    private static TestRun crashed(Result result, Limits limits, String output) {
        String last = result.stderr().substring(result.stderr().lastIndexOf('\n') + 1);
        double millis = 1000 * result.seconds();
        if (last.startsWith("MemoryError") || result.stderr().contains("std::bad_alloc"))
            return new TestRun(Verdict.MEMORY_LIMIT, "more than " + limits.memoryMegabytes() + " MiB", output, millis);
        String shown = last.length() <= SHOWN ? last : last.substring(0, SHOWN);
        return new TestRun(Verdict.RUNTIME_ERROR, "exit code " + result.exitCode() + " " + shown, output, millis);
    }
}
