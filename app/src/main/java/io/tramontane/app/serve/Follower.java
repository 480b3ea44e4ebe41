package io.tramontane.app.serve;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.LocalCopy;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Follows a run: looks for a newer checkpoint every second and has the engine swap its weights in. */
final class Follower implements AutoCloseable {
    private final RunFolder run;
    private final PolicyConfig shape;
    private final Engine engine;
    private final LongAdder swaps;
    private final Consumer<String> console;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("serve-follower"));
    private int newest;
    private String complaint = "";

    /**
     * Starts it.
     *
     * @param served weights that the engine began with; their version is the step of their checkpoint
     * @param swaps counts them
     * @param console one line for each swap, and for each new trouble
     */
    Follower(RunFolder run, WeightSnapshot served, Engine engine, LongAdder swaps, Consumer<String> console) {
        this.run = run;
        this.shape = served.config();
        this.newest = served.version();
        this.engine = engine;
        this.swaps = swaps;
        this.console = console;
        thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** A checkpoint may be deleted while it is read: the next look finds a newer one. */
    private void look() {
        try {
            OptionalInt step = run.latestCheckpoint();
            if (step.isEmpty() || step.getAsInt() <= newest) return;
            WeightSnapshot weights;
            try (LocalCopy copy = LocalCopy.of(run.checkpoint(step.getAsInt()))) {
                weights = Checkpoint.read(copy.path(), step.getAsInt());
            }
            if (!weights.config().equals(shape))
                throw new BadInputException(
                        run.checkpoint(step.getAsInt()).name() + " has another shape than the model served");
            newest = step.getAsInt();
            engine.swap(weights, (seconds, sequences) -> {
                swaps.increment();
                console.accept(String.format(
                        Locale.ROOT,
                        "policy version %d, swapped in within %.2f s; %d completions went on",
                        weights.version(),
                        seconds,
                        sequences));
            });
            complaint = "";
        } catch (BadInputException | UncheckedIOException e) {
            if (!complaint.equals(e.getMessage())) console.accept("the run cannot be followed: " + e.getMessage());
            complaint = String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
