package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.WeightSnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * The weights of a run over its steps: the model that it began with, where that is still there, and every checkpoint that it
 * keeps. One is read at a time.
 *
 * @param steps ascending
 * @param initial the weights of step 0; null where a checkpoint has them or nothing does
 */
record RunCheckpoints(RunFolder run, int[] steps, Path initial) {
    static RunCheckpoints of(RunFolder run, Config config, PrintWriter err) {
        int[] saved = run.checkpointSteps();
        if (saved.length == 0) throw new BadInputException(run.checkpoints().name() + ": holds no checkpoint");
        if (saved[0] == 0) return new RunCheckpoints(run, saved, null);
        try {
            Path initial = ModelFolder.resolve(config.model());
            return new RunCheckpoints(
                    run, IntStream.concat(IntStream.of(0), IntStream.of(saved)).toArray(), initial);
        } catch (BadInputException e) {
            err.println("step 0 is left out: " + e.getMessage());
            return new RunCheckpoints(run, saved, null);
        }
    }

    int count() {
        return steps.length;
    }

    int lastStep() {
        return steps[steps.length - 1];
    }

    /** Reads one into memory. */
    WeightSnapshot load(int index) {
        if (index == 0 && initial != null) return Checkpoint.read(initial, 0);
        try (LocalCopy copy = LocalCopy.of(run.checkpoint(steps[index]))) {
            return Checkpoint.read(copy.path(), steps[index]);
        }
    }
}
