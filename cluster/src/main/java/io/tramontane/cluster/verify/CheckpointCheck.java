package io.tramontane.cluster.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.cluster.ledger.RecordedSteps;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.StoragePath;
import io.tramontane.data.UnreadableException;
import io.tramontane.model.CheckpointManifest;
import io.tramontane.model.StoredWeights;
import io.tramontane.trainer.StateFile;
import java.util.Optional;

/**
 * Compares a checkpoint with its manifest, with its own {@code state.json}, and with the digest that the ledger recorded for
 * its step. Nothing is read into memory.
 */
final class CheckpointCheck {
    private final RunFolder folder;
    private final RecordedSteps recorded;

    CheckpointCheck(RunFolder folder, RecordedSteps recorded) {
        this.folder = folder;
        this.recorded = recorded;
    }

    /**
     * What is wrong with the checkpoint of a step, in one line that names the file; empty if nothing is. A storage that does not
     * answer is an error, and no fault of the checkpoint.
     */
    Optional<String> fault(int step) {
        try {
            check(step);
            return Optional.empty();
        } catch (UnreadableException e) {
            throw e;
        } catch (BadInputException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** True for a checkpoint of an earlier version, of which only the weights can be compared. */
    boolean hasNoManifest(int step) {
        return !folder.checkpoint(step).child(CheckpointManifest.NAME).exists();
    }

    private void check(int step) {
        StoragePath checkpoint = folder.checkpoint(step);
        JsonNode state = StateFile.read(checkpoint);
        Optional<CheckpointManifest> manifest = CheckpointManifest.read(checkpoint);
        if (manifest.isPresent()) manifest.get().check(checkpoint);
        if (state.path("step").asInt() != step)
            throw new BadInputException(checkpoint.child(StateFile.NAME).name() + ": is of step " + state.path("step"));
        String digest = state.path("digest").asText();
        String found = StoredWeights.digest(checkpoint);
        if (!found.equals(digest))
            throw new BadInputException(
                    checkpoint.name() + ": the weights' digest is " + found + ", state.json says " + digest);
        checkRecorded(checkpoint, step, digest);
    }

    /** A step is recorded before its checkpoint is written. */
    private void checkRecorded(StoragePath checkpoint, int step, String digest) {
        if (step == 0) return; // nobody made it
        String found = recorded.digest(step);
        if (found == null) throw new BadInputException(checkpoint.name() + ": the ledger ends before step " + step);
        if (!found.equals(digest))
            throw new BadInputException(checkpoint.name() + ": the weights' digest is " + digest
                    + ", the ledger recorded " + found + " for step " + step);
    }
}
