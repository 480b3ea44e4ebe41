package io.tramontane.cluster.roles;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Interval;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code checkpoints/best.json} says: the evaluated step with the largest correctness, the earliest of equal ones. The
 * driver writes it when an evaluation is complete; the trainer reads it before it deletes a checkpoint.
 *
 * @param step the best one; 0 while there is none: the model that training starts from has no checkpoint
 * @param correctness of that step
 * @param evaluated the newest step with a result
 */
record BestCheckpoint(int step, double correctness, int evaluated) {
    private static final Logger LOG = LoggerFactory.getLogger(BestCheckpoint.class);
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final BestCheckpoint NONE = new BestCheckpoint(0, 0, 0);

    /** What was recorded. A file that cannot be read counts as none: then every evaluated checkpoint is kept. */
    static BestCheckpoint of(RunFolder folder) {
        StoragePath file = file(folder);
        try {
            BestCheckpoint best = file.exists() ? JSON.readValue(file.bytes(), BestCheckpoint.class) : NONE;
            return best == null ? NONE : best;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read: the best checkpoint so far is not known", file.name(), e);
            return NONE;
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
            LOG.warn("{} cannot be written: evaluated checkpoints are kept until it can", file.name(), e);
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
