package io.tramontane.app.cli;

import io.tramontane.model.PolicyConfig;

/** How many threads the operators of a generator take. */
final class OperatorThreads {
    /** Parameters below which a product takes less time than threads need to meet: the tiny policy is slower with two. */
    private static final long SMALL = 8_000_000;

    private OperatorThreads() {}

    /** All that there are, or one for a small model. */
    static int of(PolicyConfig shape, int available) {
        return shape.parameters() < SMALL ? 1 : Math.max(1, available);
    }
}
