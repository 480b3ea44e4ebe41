package io.tramontane.cluster.roles;

import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How long the trainers are away after a failure: until the weights that they go on with are offered. */
final class Recovery {
    private final LongSupplier nanos;
    private long failed;
    private boolean open;

    Recovery(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** They have failed; of several failures in a row the first counts. */
    synchronized void begin() {
        if (!open) failed = nanos.getAsLong();
        open = true;
    }

    /** They are back. */
    synchronized Optional<String> end(int version) {
        if (!open) return Optional.empty();
        open = false;
        double seconds = (nanos.getAsLong() - failed) / 1e9;
        return Optional.of(String.format(
                Locale.ROOT, "the trainers go on from step %d, %.1f s after the failure", version, seconds));
    }
}
