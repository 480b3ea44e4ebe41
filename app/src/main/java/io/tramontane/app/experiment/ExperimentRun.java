package io.tramontane.app.experiment;

import io.tramontane.data.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Trains every arm with every seed, all arms of the first seed first. Started again it continues where it was: finished arms
 * are kept, the one that was running is resumed. The page is written after every arm.
 */
public final class ExperimentRun {
    private final Experiment experiment;
    private final Path out;
    private final List<ArmRun> runs = new ArrayList<>();
    private final Commands commands;
    private final Consumer<String> console;
    private final Object coldStarts = new Object();
    private volatile boolean failed;

    /**
     * Checks the folder: an arm that was made with other settings is refused before anything is started.
     *
     * @param seeds instead of the file's; empty for those
     * @param master Spark's, as for {@code train}; empty for its default
     */
    public ExperimentRun(
            Experiment experiment,
            List<Long> seeds,
            Path out,
            String master,
            Commands commands,
            Consumer<String> console) {
        this.experiment = experiment;
        this.out = out;
        this.commands = commands;
        this.console = console;
        Path made = runs(experiment, out);
        for (long seed : seeds.isEmpty() ? experiment.seeds() : seeds)
            for (Experiment.Arm arm : experiment.arms()) runs.add(new ArmRun(experiment, arm, seed, made, master));
    }

    /** Where the runs are: in the folder itself, or in the folder of another experiment beside it. */
    private static Path runs(Experiment experiment, Path out) {
        if (experiment.runsOf().isEmpty()) return out;
        Path beside = out.toAbsolutePath().resolveSibling(experiment.runsOf());
        if (beside.equals(out.toAbsolutePath()))
            throw new BadInputException(out + ": is the folder of " + experiment.runsOf() + ", whose runs "
                    + experiment.name() + " looks at, name another with --out");
        return beside;
    }

    /** Runs what is not finished, {@code parallel} arms at a time; a command that fails ends the experiment. */
    public ExperimentResult run(int parallel) {
        runs.forEach(ArmRun::claim);
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (ArmRun run : runs) all.add(pool.submit(() -> finishOrFail(run, parallel > 1)));
            for (Future<?> each : all) each.get(); // no deadline: the commands report progress
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException("experiment " + experiment.name() + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            pool.shutdownNow();
        }
        return report();
    }

    private void finishOrFail(ArmRun run, boolean quiet) {
        boolean done = false;
        try {
            finish(run, quiet);
            done = true;
        } finally {
            if (!done) failed = true; // before the next arm begins
        }
    }

    private void finish(ArmRun run, boolean quiet) {
        List<String> next = run.next();
        boolean begun = false;
        while (!next.isEmpty()) {
            if (failed) return; // another arm has ended the experiment
            if (!begun) console.accept("-- " + position(run) + run.title());
            begun = true;
            int exit = perform(run, next, quiet ? run.log() : null);
            List<String> after = exit == 0 ? run.next() : next;
            if (exit != 0 || after.equals(next)) throw failure(run, next, exit, quiet);
            next = after;
        }
        if (!begun) console.accept("-- " + position(run) + run.title() + ": finished before");
        else report();
    }

    /** Cold starts are made one at a time: arms with the same one share it. */
    private int perform(ArmRun run, List<String> command, Path log) {
        if (!ArmRun.isColdStart(command)) return commands.run(command, log);
        synchronized (coldStarts) {
            return run.next().equals(command) ? commands.run(command, log) : 0;
        }
    }

    private static RuntimeException failure(ArmRun run, List<String> command, int exit, boolean quiet) {
        String what = run.title() + ": the command " + command.get(0) + " ended with exit code " + exit
                + (quiet ? ", see " + run.log() : "");
        return exit == 2 ? new BadInputException(what) : new IllegalStateException(what);
    }

    private String position(ArmRun run) {
        return runs.indexOf(run) + 1 + " of " + runs.size() + ": ";
    }

    /** Writes page, JSON and table from what there is now. */
    public synchronized ExperimentResult report() {
        ExperimentResult result = ExperimentResult.of(experiment, runs);
        result.write(out);
        return result;
    }
}
