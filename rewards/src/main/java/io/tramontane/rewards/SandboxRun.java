package io.tramontane.rewards;

import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The host's side of one run: writes and reads the pipes on three threads, enforces the wall-clock limit, and reports how
 * the process ended. The process is dead when {@link #result} returns, also after an exception.
 */
final class SandboxRun {
    private static final int STDERR_KEPT = 16 << 10;
    /** What a program may say on stderr unread, at least; more ends the run, like more output than allowed. */
    private static final long STDERR_BYTES = 8L << 20;

    private static final int SIGXCPU = 128 + 24;
    private static final int SIGKILL = 128 + 9;
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration SHORTEST = Duration.ofMillis(15);
    /** Of the time that a program may sleep, this much must be sleep. */
    private static final double AWAKE = 0.9;
    /** Of the longest time on the clock, awake. */
    private static final double MOSTLY = 0.5;

    private final Process process;
    private final Job job;
    private final Path status;
    private final long start;
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final Future<Boolean> output;
    private final Future<Boolean> errors;
    private final Future<?> input;

    SandboxRun(Process process, Job job, Path status, ExecutorService pumps, long start) {
        this.process = process;
        this.job = job;
        this.status = status;
        this.start = start;
        long most = job.limits().outputBytes();
        long mostErrors = Math.max(STDERR_BYTES, most);
        this.output = pumps.submit(() -> drain(process.getInputStream(), job.stdout(), most, most));
        this.errors = pumps.submit(() -> drain(process.getErrorStream(), stderr, STDERR_KEPT, mostErrors));
        this.input = pumps.submit(this::feed);
        if (job.stop() != null) job.stop().whenComplete((done, error) -> killTree());
    }

    Result result() throws IOException {
        try {
            Ending late = waitForEnd();
            if (late != null) killTree();
            boolean flooded = output.get(DRAIN.toSeconds(), TimeUnit.SECONDS);
            flooded |= errors.get(DRAIN.toSeconds(), TimeUnit.SECONDS);
            if (flooded) return end(Ending.OUTPUT, -1);
            if (late == Ending.FAULT) return fault("the machine is too busy: after " + Math.round(seconds()) + " s");
            return late == null ? exited() : end(late, -1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return fault("interrupted");
        } catch (TimeoutException | ExecutionException broken) {
            return fault("its pipes did not close: " + broken);
        } finally {
            process.destroyForcibly(); // by now only for the pipes, whatever went wrong before
            input.cancel(true);
        }
    }

    /** Null when it ended by itself, else how it has to be ended. */
    private Ending waitForEnd() throws InterruptedException {
        AwakeTime awake = new AwakeTime(process);
        long pause = pause(0);
        while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
            awake.look();
            if (awake.computed() >= job.limits().cpuSeconds()) return Ending.TIME;
            Ending late = late(job.limits(), seconds(), awake.seconds());
            if (late != null) return late;
            pause = pause(awake.computed());
        }
        return null;
    }

    /** Until the CPU time could be used up at the earliest, within bounds: the limit holds to some hundredths of a second. */
    private long pause(double computed) {
        int atOnce = Math.min(job.limits().processes(), Runtime.getRuntime().availableProcessors());
        double left = 1000 * (job.limits().cpuSeconds() - computed) / atOnce;
        return (long) Math.max(SHORTEST.toMillis(), Math.min(POLL.toMillis(), left));
    }

    /**
     * Why a program that still runs has to be ended; null while it may go on. Who sleeps for too long wastes time. Who is awake
     * for as long as the clock allows, and has not been ended by the limit on CPU time, waited for a core most of it:
     * that is the machine's fault, and nothing is known about the program.
     *
     * @param clock seconds since it was started
     * @param awake seconds of these that it ran, or was ready to
     */
    static Ending late(Limits limits, double clock, double awake) {
        double asleep = (limits.sleepSeconds() + GRACE.toSeconds()) * AWAKE;
        if (clock - awake >= asleep) return Ending.TIME;
        if (clock < limits.wall().toSeconds()) return null;
        return awake >= MOSTLY * clock ? Ending.FAULT : Ending.TIME;
    }

    private Result exited() throws IOException {
        if (job.stop() != null && job.stop().toCompletableFuture().isDone()) return end(Ending.STOPPED, -1);
        String written = Files.readString(status);
        if (!written.contains("\"exit-code\"")) return fault("it did not start the program");
        int code = process.exitValue();
        // SIGKILL and SIGXCPU are the CPU limit, but only if there was time to use that much on all cores
        boolean longEnough = seconds() * Runtime.getRuntime().availableProcessors()
                >= Math.min(job.limits().cpuSeconds(), job.limits().sleepSeconds());
        if ((code == SIGXCPU || code == SIGKILL) && longEnough) return end(Ending.TIME, code);
        return end(Ending.EXITED, code);
    }

    private Result fault(String why) {
        return new Result(Ending.FAULT, -1, "sandbox: " + why + ": " + said(), seconds());
    }

    private Result end(Ending ending, int code) {
        return new Result(ending, code, said(), seconds());
    }

    private String said() {
        synchronized (stderr) {
            return stderr.toString(StandardCharsets.UTF_8).strip();
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Through the handle: {@link Process#destroyForcibly} would also close the pipes that are still being read. */
    private void killTree() {
        process.toHandle().destroyForcibly();
    }

    private Void feed() {
        try (OutputStream stdin = process.getOutputStream()) {
            job.stdin().writeTo(stdin);
        } catch (IOException theProgramDoesNotRead) {
            return null; // its right: the pipe breaks when it ends
        } catch (InterruptedException theRunIsOver) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Copies what is kept and drops the rest; true when there was more than allowed, which ends the run. */
    private boolean drain(InputStream from, OutputStream to, long kept, long most) throws IOException {
        byte[] buffer = new byte[8192];
        long total = 0;
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            long room = Math.max(0, kept - total);
            synchronized (to) {
                to.write(buffer, 0, (int) Math.min(n, room));
            }
            total += n;
            if (total > most) {
                killTree();
                return true;
            }
        }
        return false;
    }
}
