package io.tramontane.cluster.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.ledger.RecordedSteps;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import io.tramontane.model.CheckpointManifest;
import io.tramontane.model.StoredWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Compares a checkpoint with its manifest, with its own {@code state.json}, and with the digest that the ledger recorded for
 * its step. Nothing is read into memory.
 */
final class CheckpointCheck {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String STATE = "state.json";
    private static final int WITH_MANIFEST = 2;
    private static final int LARGEST_STATE = 1 << 20;

    private final RunFolder folder;
    private final RecordedSteps recorded;

    CheckpointCheck(RunFolder folder, RecordedSteps recorded) {
        this.folder = folder;
        this.recorded = recorded;
    }

    /** What is wrong with the checkpoint of a step, in one line that names the file; empty if nothing is. */
    Optional<String> fault(int step) {
        try {
            check(step);
            return Optional.empty();
        } catch (BadInputException e) {
            return Optional.of(e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return Optional.of(folder.checkpoint(step).name() + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** True for a checkpoint of an earlier version, of which only the weights can be compared. */
    boolean hasNoManifest(int step) {
        return !folder.checkpoint(step).child(CheckpointManifest.NAME).exists();
    }

    private void check(int step) throws IOException {
        StoragePath checkpoint = folder.checkpoint(step);
        JsonNode state = state(checkpoint.child(STATE));
        Optional<CheckpointManifest> manifest = CheckpointManifest.read(checkpoint);
        if (manifest.isEmpty() && state.path("format").asInt(0) >= WITH_MANIFEST)
            throw new BadInputException(
                    checkpoint.child(CheckpointManifest.NAME).name()
                            + ": is missing, the checkpoint was saved with it");
        if (manifest.isPresent()) manifest.get().check(checkpoint);
        for (String name : new String[] {"step", "updates"})
            if (!state.path(name).isIntegralNumber() || state.path(name).asLong() < 0)
                throw new BadInputException(checkpoint.child(STATE).name() + ": " + name + " is "
                        + (state.has(name) ? state.get(name) : "missing") + ", allowed >= 0");
        if (state.path("step").asInt() != step)
            throw new BadInputException(checkpoint.child(STATE).name() + ": is of step " + state.path("step"));
        String digest = state.path("digest").asText();
        String found = StoredWeights.digest(checkpoint);
        if (!found.equals(digest))
            throw new BadInputException(
                    checkpoint.name() + ": the weights' digest is " + found + ", state.json says " + digest);
        checkRecorded(checkpoint, step, digest);
    }

    private static JsonNode state(StoragePath file) throws IOException {
        if (!file.exists()) throw new BadInputException(file.name() + ": is missing");
        try (var in = file.open()) {
            JsonNode state = JSON.readTree(in.readNBytes(LARGEST_STATE));
            if (state.isObject()) return state;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) { // said below
        }
        throw new BadInputException(file.name() + ": is no JSON object");
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
