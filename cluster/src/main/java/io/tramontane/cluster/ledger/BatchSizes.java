package io.tramontane.cluster.ledger;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Groups per batch, which may change from stage to stage of a run. A group is sampled for one stage, whose numbers
 * (longest completion, group size, problems) it has, and the batch of a step takes groups of that step's stage only: so
 * every batch has exactly the completions that its stage asks for.
 */
public final class BatchSizes {
    private final TreeMap<Integer, Integer> groups;

    private BatchSizes(NavigableMap<Integer, Integer> groups) {
        this.groups = new TreeMap<>(groups);
        groups.forEach((step, size) -> {
            if (size < 1)
                throw new IllegalArgumentException("groupsPerBatch " + size + " from step " + step + ", allowed >= 1");
        });
        if (this.groups.isEmpty() || this.groups.firstKey() != 1)
            throw new IllegalArgumentException("groups per batch by step " + groups + ": the first stage starts at 1");
    }

    /** One stage. */
    public static BatchSizes always(int groupsPerBatch) {
        return new BatchSizes(new TreeMap<>(Map.of(1, groupsPerBatch)));
    }

    /** By the first step of each stage, the first of them 1. */
    public static BatchSizes of(NavigableMap<Integer, Integer> groupsPerBatch) {
        return new BatchSizes(groupsPerBatch);
    }

    /** Groups in the batch of a step. */
    int at(int step) {
        return groups.floorEntry(step).getValue();
    }

    /** The first step of the stage that a step belongs to; it names the stage. */
    int stageOf(int step) {
        return groups.floorKey(step);
    }

    /** The last step of a stage. */
    int lastOf(int stage) {
        Integer next = groups.higherKey(stage);
        return next == null ? Integer.MAX_VALUE : next - 1;
    }

    /** The stages from that of {@code step} to that of {@code last}, by their first steps. */
    Iterable<Integer> stages(int step, int last) {
        return groups.subMap(stageOf(step), true, Math.max(stageOf(step), last), true)
                .keySet();
    }
}
