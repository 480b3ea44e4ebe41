package io.tramontane.cluster.roles;

import java.util.function.LongSupplier;

/** How long a run has trained: from its first batch to its last step, evaluations after it not counted. */
final class TrainingClock {
    private static final long NEVER = Long.MIN_VALUE;

    private final double minutes;
    private final double secondsBefore;
    private final LongSupplier nanos;
    private long scored = NEVER;
    private long started = NEVER;
    private long stepped = NEVER;
    private long ended = NEVER;

    /**
     * Nothing has happened yet.
     *
     * @param minutes {@code trainer.minutes}; 0 is no limit
     * @param secondsBefore of training in the processes that this run was resumed after
     * @param nanos a clock such as {@link System#nanoTime}
     */
    TrainingClock(double minutes, double secondsBefore, LongSupplier nanos) {
        this.minutes = minutes;
        this.secondsBefore = secondsBefore;
        this.nanos = nanos;
    }

    /** A group has rewards. While there is no batch, the limit counts from the first of them. */
    synchronized void groupScored() {
        if (scored == NEVER) scored = nanos.getAsLong();
    }

    /** The trainer has a batch. */
    synchronized void batchTaken() {
        long now = nanos.getAsLong();
        if (started == NEVER) started = now;
        if (stepped == NEVER) stepped = now;
    }

    /** A step was made; returns the seconds since the one before, or since the first batch. */
    synchronized double stepMade() {
        long now = nanos.getAsLong();
        double seconds = (now - (stepped == NEVER ? now : stepped)) / 1e9;
        stepped = now;
        return seconds;
    }

    /** True when {@code trainer.minutes} are over. */
    synchronized boolean isOver() {
        long since = started == NEVER ? scored : started;
        return minutes > 0 && since != NEVER && nanos.getAsLong() - since > minutes * 60e9;
    }

    /** No step follows. */
    synchronized void end() {
        if (ended == NEVER) ended = nanos.getAsLong();
    }

    /** Of this process and of those before it that the run was resumed after. */
    synchronized double seconds() {
        if (started == NEVER) return secondsBefore;
        return secondsBefore + ((ended == NEVER ? nanos.getAsLong() : ended) - started) / 1e9;
    }
}
