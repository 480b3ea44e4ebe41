package io.tramontane.cluster.ledger;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets threads wait, for a bounded time, until a question has an answer. Whoever changes something raises the signal. */
public final class Signal {
    private long changes;

    /** Something changed: every thread that waits asks again. */
    public synchronized void raise() {
        changes++;
        notifyAll();
    }

    /** Asks at once and after each change; empty when there was no answer within {@code wait}. */
    public <T> Optional<T> await(Duration wait, Supplier<Optional<T>> question) {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            long seen = changes();
            Optional<T> answer = question.get();
            long left = (end - System.nanoTime()) / 1_000_000;
            if (answer.isPresent() || left <= 0) return answer;
            pause(seen, left);
        }
    }

    private synchronized long changes() {
        return changes;
    }

    private synchronized void pause(long seen, long millis) {
        try {
            if (changes == seen) wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
