package io.tramontane.cluster.roles;

import io.tramontane.cluster.roles.Messages.Pulse;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** How long a role's compute thread has waited for others. Other threads may read it at any time. */
final class IdleMeter {
    private final LongSupplier nanos;
    private final long start;
    private long idle;
    private long waitingSince = -1;

    /** Starts now; {@code nanos} is a clock such as {@link System#nanoTime}. */
    IdleMeter(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    /** Waits for something and counts the time. */
    <T> T waiting(Supplier<T> wait) {
        begin();
        try {
            return wait.get();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        waitingSince = nanos.getAsLong() - start;
    }

    private synchronized void end() {
        idle += nanos.getAsLong() - start - waitingSince;
        waitingSince = -1;
    }

    /** The time so far, a wait that is going on included. */
    synchronized Pulse pulse() {
        long now = nanos.getAsLong() - start;
        return new Pulse(waitingSince < 0 ? idle : idle + now - waitingSince, now);
    }
}
