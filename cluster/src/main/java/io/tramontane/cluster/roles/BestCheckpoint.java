package io.tramontane.cluster.roles;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Interval;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What {@code checkpoints/best.json} says: the evaluated step with the largest correctness, the earliest of equal ones. The
 * driver writes it when an evaluation is complete; the trainer reads it before it deletes a checkpoint.
 *
 * @param step the best one; 0 while there is none: the model that training starts from has no checkpoint
 * @param correctness of that step
 * @param evaluated the newest step with a result
 */
record BestCheckpoint(int step, double correctness, int evaluated) {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final BestCheckpoint NONE = new BestCheckpoint(0, 0, 0);

    static BestCheckpoint of(RunFolder folder) {
        StoragePath file = file(folder);
        try {
            return file.exists() ? JSON.readValue(file.bytes(), BestCheckpoint.class) : NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(file.name() + " cannot be read", e);
        }
    }

    /** Records a result; a reader sees the old or the new file. */
    static void update(RunFolder folder, int step, double correctness) {
        if (step == 0 || Double.isNaN(correctness)) return;
        BestCheckpoint before = of(folder);
        boolean better = before.step == 0 || correctness > before.correctness;
        BestCheckpoint now = new BestCheckpoint(
                better ? step : before.step,
                better ? correctness : before.correctness,
                Math.max(step, before.evaluated));
        StoragePath file = file(folder);
        try {
            file.replace(JSON.writeValueAsBytes(now));
        } catch (IOException e) {
            throw new UncheckedIOException(file.name() + " cannot be written", e);
        }
    }

    /** Whether a checkpoint is the best or may turn out to be: its evaluation has no result yet. */
    boolean needs(int checkpoint, Interval evaluations) {
        return checkpoint == step || evaluations.includes(checkpoint) && checkpoint > evaluated;
    }

    private static StoragePath file(RunFolder folder) {
        return folder.checkpoints().child("best.json");
    }
}
