package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.trainer.StateFile;
import java.io.IOException;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes checkpoints that {@code trainer.keepCheckpoints} does not keep. A folder loses its name before it loses a file, so
 * that one with the plain name is whole whenever the process is killed; what a killed process has left is deleted the next
 * time. The newest checkpoint, with which a run goes on, is always kept, and so is the best if that is asked for.
 */
final class OldCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(OldCheckpoints.class);

    private OldCheckpoints() {}

    /** Leaves what the config keeps. That a folder cannot be deleted does not end a run. */
    static void delete(RunFolder folder, Config config) {
        int keep = config.trainer().keepCheckpoints();
        if (keep == 0) return;
        BestCheckpoint best = BestCheckpoint.of(folder);
        IntPredicate needed = step -> config.trainer().keepBestCheckpoint()
                && best.needs(step, config.evaluation().interval());
        delete(folder, keep, needed);
    }

    /** Leaves the {@code keep} newest and those that are needed. */
    static void delete(RunFolder folder, int keep, IntPredicate needed) {
        try {
            for (StoragePath rest : folder.incompleteCheckpoints()) rest.deleteTree();
            int[] whole = folder.checkpointSteps();
            for (int i = 0; i < whole.length - keep; i++) {
                if (needed.test(whole[i])) continue;
                delete(folder.checkpoint(whole[i]));
            }
        } catch (IOException e) {
            LOG.warn("an old checkpoint cannot be deleted (trainer.keepCheckpoints {})", keep, e);
        }
    }

    private static void delete(StoragePath checkpoint) throws IOException {
        if (checkpoint.isRemote()) { // without this file it is none
            checkpoint.child(StateFile.NAME).delete();
            checkpoint.deleteTree();
            return;
        }
        LocalStorage deleting =
                new LocalStorage(checkpoint.beside(RunFolder.DELETING).local());
        new LocalStorage(checkpoint.local()).rename(deleting);
        deleting.deleteTree();
    }
}
