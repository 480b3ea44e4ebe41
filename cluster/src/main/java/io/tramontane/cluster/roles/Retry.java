package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.PeerException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a call again that failed for a passing reason.
 *
 * @param patience since its first failure; then the next one is final
 * @param pause between two tries
 */
record Retry(Duration patience, Duration pause) {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    /** The answer of the first try that succeeds. */
    <T> T run(Supplier<T> call) {
        long end = 0;
        for (int failures = 0; ; ) {
            try {
                return call.get();
            } catch (PeerException e) {
                if (failures++ == 0) end = System.nanoTime() + patience.toNanos();
                if (!e.passing() || end - System.nanoTime() < 0 || !sleep()) throw e;
                LOG.warn("a call was lost and is made again", e);
            }
        }
    }

    /** False when the thread is interrupted: then nothing is tried any more. */
    private boolean sleep() {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
