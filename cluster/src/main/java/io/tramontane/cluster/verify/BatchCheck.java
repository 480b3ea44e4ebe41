package io.tramontane.cluster.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.ledger.RecordedSteps;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Compares recorded batches with the digests in the ledger, and says what can be done about one that is another. */
public final class BatchCheck {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private BatchCheck() {}

    /** What is wrong with the batch of a step, in one line that names its file; empty if nothing is. */
    public static Optional<String> fault(RunFolder folder, int step, String recorded) {
        StoragePath file = folder.batch(step);
        if (!file.exists()) return Optional.of(file.name() + ": is missing, the ledger recorded it");
        try {
            String found = file.digest();
            return found.equals(recorded)
                    ? Optional.empty()
                    : Optional.of(file.name() + ": has SHA-256 " + found + ", the ledger recorded " + recorded);
        } catch (BadInputException | UncheckedIOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Refuses to go on from a step when a batch that was recorded after it is not what was trained on. */
    static void check(RunFolder folder, RecordedSteps recorded, int from) {
        for (int step = from + 1; step <= recorded.lastBatch(); step++) {
            String digest = recorded.batches().get(step);
            Optional<String> fault = digest == null
                    ? Optional.of(folder.batch(step).name() + ": the ledger has no digest of it")
                    : fault(folder, step, digest);
            if (fault.isPresent()) throw new BadInputException(fault.get() + "; " + cure(folder, step));
        }
    }

    /**
     * What a user can do about a batch that is lost: without it the step cannot be made again. A ledger that ends before it is
     * that of a run which was killed then.
     */
    public static String cure(RunFolder folder, int step) {
        StoragePath events = folder.events();
        String line = line(events, step).map(number -> "line " + number).orElse("the batch of step " + step);
        return "restore it from a backup, or give step " + step
                + " and all later ones up: in a copy of the run folder end "
                + events.fileName() + " before " + line + " and delete the batches from step " + step
                + " on, then train --resume the copy";
    }

    private static Optional<Integer> line(StoragePath events, int step) {
        int[] found = {0};
        try {
            AppendLog.read(events, line -> {
                if (found[0] == 0 && isBatch(line.bytes(), step)) found[0] = line.number();
            });
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
        return Optional.of(found[0]).filter(number -> number > 0);
    }

    private static boolean isBatch(byte[] line, int step) {
        try {
            JsonNode event = JSON.readTree(line);
            return event.path("event").asText().equals("batch")
                    && event.path("step").asInt() == step;
        } catch (IOException e) {
            return false;
        }
    }
}
