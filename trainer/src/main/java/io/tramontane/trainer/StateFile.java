package io.tramontane.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import io.tramontane.data.UnreadableException;
import io.tramontane.model.CheckpointManifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** {@code state.json} of a checkpoint: its step, the optimizer's updates, the weights' digest. Whoever reads it, reads it here. */
public final class StateFile {
    /** Written last: a checkpoint of an object store is whole when it is there. */
    public static final String NAME = "state.json";

    static final String FORMAT = "format";
    static final int WITH_MANIFEST = 2;

    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int LARGEST = 1 << 20;

    private StateFile() {}

    /** Refuses a state that lacks a number, or that was saved with a manifest which is gone. */
    public static JsonNode read(StoragePath checkpoint) {
        StoragePath file = checkpoint.child(NAME);
        JsonNode state = object(file);
        for (String name : List.of("step", "updates"))
            if (!state.path(name).isIntegralNumber() || state.path(name).asLong() < 0)
                throw new BadInputException(file.name() + ": " + name + " is "
                        + (state.has(name) ? state.get(name) : "missing") + ", allowed >= 0");
        StoragePath manifest = checkpoint.child(CheckpointManifest.NAME);
        if (state.path(FORMAT).asInt(0) >= WITH_MANIFEST && !manifest.exists())
            throw new BadInputException(manifest.name() + ": is missing, the checkpoint was saved with it");
        return state;
    }

    private static JsonNode object(StoragePath file) {
        if (!file.exists()) throw new BadInputException(file.name() + ": is missing");
        try (InputStream in = file.open()) {
            JsonNode state = JSON.readTree(in.readNBytes(LARGEST));
            if (state.isObject()) return state;
        } catch (JsonProcessingException e) { // said below
        } catch (IOException e) {
            throw UnreadableException.of(file, e);
        }
        throw new BadInputException(file.name() + ": is no JSON object");
    }
}
