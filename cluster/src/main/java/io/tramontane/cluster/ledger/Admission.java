package io.tramontane.cluster.ledger;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rule that bounds staleness without ever dropping a group for being late (which would favour short completions).
 *
 * <p>A group that was leased at version v must be trained by step v + 1 + maxLag: that is its due step. With {@code
 * groupsPerBatch} places per step, all groups can be in time exactly when, for every step d,
 *
 * <pre>  (groups due at d or before that are not trained yet)  <=  (d - batches taken) * groupsPerBatch</pre>
 *
 * Where a run has stages, a batch takes groups of its own stage only: then this holds for the groups of each stage, and the
 * right side counts the steps of that stage, from its first or the next batch to d or its last.
 *
 * <p> *
 * The left side rises when a group is leased, and the right side falls when a batch is taken, so both wait until the rule
 * still holds afterwards. For leases at the newest version v it says: leased + delivered + ready + trained <= (v + 1 +
 * maxLag) * groupsPerBatch, so it bounds the queue as well. Batches take the groups that are due first; then a batch
 * waits only for groups that must be in it or would crowd a later one.
 *
 * @param sizes places per step
 * @param maxLag most versions between sampling and training
 */
record Admission(BatchSizes sizes, int maxLag) {
    /** The last step that may train a group leased at {@code version}. */
    int due(int version) {
        return version + 1 + maxLag;
    }

    /**
     * True when all groups of a stage can still be trained in time, and in their stage.
     *
     * @param stage its first step
     * @param versions lease versions of all its groups that are leased, delivered or ready
     * @param batches batches taken so far
     */
    boolean holds(int stage, Collection<Integer> versions, int batches) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int version : versions) counts.merge(version, 1, Integer::sum);
        return holds(stage, counts, batches);
    }

    /** The same for so many groups by lease version. */
    boolean holds(int stage, SortedMap<Integer, Integer> versions, int batches) {
        long waiting = 0;
        for (Map.Entry<Integer, Integer> groups : versions.entrySet()) {
            waiting += groups.getValue();
            long before = Math.max(stage - 1L, batches);
            long steps = Math.min(due(groups.getKey()), sizes.lastOf(stage)) - before;
            if (waiting > Math.max(0, steps) * sizes.at(stage)) return false;
        }
        return true;
    }
}
