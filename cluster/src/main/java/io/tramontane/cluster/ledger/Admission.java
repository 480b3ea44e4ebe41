package io.tramontane.cluster.ledger;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rule that bounds staleness without ever dropping a group for being late (which would favour short completions).
 *
 * <p>A group that was leased at version v must be trained by step v + 1 + maxLag: that is its due step. With {@code
 * groupsPerBatch} places per step, all groups can be in time exactly when, for every step d,
 *
 * <pre>  (groups due at d or before that are not trained yet)  <=  (d - batches taken) * groupsPerBatch</pre>
 *
 * The left side rises when a group is leased, and the right side falls when a batch is taken, so both wait until the rule
 * still holds afterwards. For leases at the newest version v it says: leased + delivered + ready + trained <= (v + 1 +
 * maxLag) * groupsPerBatch, so it bounds the queue as well. Batches take the groups that are due first; then a batch
 * waits only for groups that must be in it or would crowd a later one.
 *
 * @param groupsPerBatch places per step
 * @param maxLag most versions between sampling and training
 */
record Admission(int groupsPerBatch, int maxLag) {
    /** The last step that may train a group leased at {@code version}. */
    int due(int version) {
        return version + 1 + maxLag;
    }

    /**
     * True when all groups can still be trained in time.
     *
     * @param versions lease versions of all groups that are leased, delivered or ready
     * @param batches batches taken so far
     */
    boolean holds(Collection<Integer> versions, int batches) {
        TreeMap<Integer, Integer> dueAt = new TreeMap<>();
        for (int version : versions) dueAt.merge(due(version), 1, Integer::sum);
        long waiting = 0;
        for (Map.Entry<Integer, Integer> due : dueAt.entrySet()) {
            waiting += due.getValue();
            if (waiting > (long) Math.max(0, due.getKey() - batches) * groupsPerBatch) return false;
        }
        return true;
    }
}
