package io.tramontane.cluster.ledger;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What the ledger recorded of every step. Not for several threads while it changes. */
public final class RecordedSteps {
    private final TreeMap<Integer, String> batches = new TreeMap<>();
    private final TreeMap<Integer, MadeStep> made = new TreeMap<>();

    RecordedSteps() {}

    /** The same at this moment. */
    RecordedSteps copy() {
        RecordedSteps copy = new RecordedSteps();
        copy.batches.putAll(batches);
        copy.made.putAll(made);
        return copy;
    }

    void batched(int step, String digest) {
        batches.put(step, digest);
    }

    /** The newest time counts where a step is made more than once. */
    void made(int step, MadeStep newest) {
        made.put(step, newest);
    }

    /** Null for a step that was not made. */
    MadeStep made(int step) {
        return made.get(step);
    }

    /** Digest of the recorded batch by step. */
    public Map<Integer, String> batches() {
        return Collections.unmodifiableMap(batches);
    }

    /** Digest of theta by step, the newest one where a step was made more than once. */
    public Map<Integer, String> steps() {
        Map<Integer, String> digests = new TreeMap<>();
        made.forEach((step, one) -> digests.put(step, one.digest()));
        return digests;
    }

    /** Digest of theta after a step; null where it was not made. */
    public String digest(int step) {
        MadeStep one = made.get(step);
        return one == null ? null : one.digest();
    }

    /** The last step that was made, 0 if none. */
    public int lastStep() {
        return made.isEmpty() ? 0 : made.lastKey();
    }

    /** The last step whose batch was recorded, 0 if none. */
    public int lastBatch() {
        return batches.isEmpty() ? 0 : batches.lastKey();
    }
}
