package io.tramontane.cluster.ledger;

import java.time.Duration;

/**
 * The ledger's numbers.
 *
 * @param groupsPerBatch groups in one training batch
 * @param maxLag most policy versions between sampling a token and training on it; 0 is synchronous
 * @param generators how many ask for groups
 * @param lease a generator that has not returned a group for this long loses it
 * @param verify a verifier that has made no progress with a group for this long loses it
 */
public record LedgerConfig(int groupsPerBatch, int maxLag, int generators, Duration lease, Duration verify) {
    /** Checks ranges. */
    public LedgerConfig {
        if (groupsPerBatch < 1)
            throw new IllegalArgumentException("groupsPerBatch " + groupsPerBatch + ", allowed >= 1");
        if (maxLag < 0) throw new IllegalArgumentException("maxLag " + maxLag + ", allowed >= 0");
        if (generators < 1) throw new IllegalArgumentException("generators " + generators + ", allowed >= 1");
        if (lease.isNegative() || lease.isZero())
            throw new IllegalArgumentException("lease " + lease + ", allowed > 0");
        if (verify.isNegative() || verify.isZero())
            throw new IllegalArgumentException("verify " + verify + ", allowed > 0");
    }
}
