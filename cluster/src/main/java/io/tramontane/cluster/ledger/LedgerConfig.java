package io.tramontane.cluster.ledger;

import java.time.Duration;

/**
 * The ledger's numbers.
 *
 * @param sizes groups in each training batch
 * @param maxLag most policy versions between sampling a token and training on it; 0 is synchronous
 * @param generators how many ask for groups
 * @param lease a generator that has not returned a group for this long loses it
 * @param verify a verifier that has made no progress with a group for this long loses it
 */
public record LedgerConfig(BatchSizes sizes, int maxLag, int generators, Duration lease, Duration verify) {
    /** As many groups in every batch. */
    public LedgerConfig(int groupsPerBatch, int maxLag, int generators, Duration lease, Duration verify) {
        this(BatchSizes.always(groupsPerBatch), maxLag, generators, lease, verify);
    }

    /** Checks ranges. */
    public LedgerConfig {
        if (maxLag < 0) throw new IllegalArgumentException("maxLag " + maxLag + ", allowed >= 0");
        if (generators < 1) throw new IllegalArgumentException("generators " + generators + ", allowed >= 1");
        if (lease.isNegative() || lease.isZero())
            throw new IllegalArgumentException("lease " + lease + ", allowed > 0");
        if (verify.isNegative() || verify.isZero())
            throw new IllegalArgumentException("verify " + verify + ", allowed > 0");
    }
}
