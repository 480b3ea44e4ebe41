package io.tramontane.cluster.ledger;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;

/**
 * A group that was sampled in part or as a whole, kept for its next holder.
 *
 * @param lease how it was leased; it keeps its place in the schedule and is leased like this again
 * @param newest newest policy version that sampled a token of it; older weights must not go on
 */
public record Spilled(Lease lease, int newest) {
    /** Of what was sampled for a lease. */
    public static Spilled of(Lease lease, Group sampled) {
        int newest = sampled.completions().stream()
                .mapToInt(Completion::newestVersion)
                .max()
                .orElse(lease.version());
        return new Spilled(lease, Math.max(lease.version(), newest));
    }
}
