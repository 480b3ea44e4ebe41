package io.tramontane.app.serve;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** How many completions are accepted and not finished. */
final class OpenCompletions {
    private final int most;
    private int count;
    private boolean closed;

    OpenCompletions(int most) {
        this.most = most;
    }

    /** Adds so many; false, and nothing is added, if there is no room for them. */
    synchronized boolean add(int more) {
        if (closed || count + more > most) return false;
        count += more;
        notifyAll();
        return true;
    }

    /** So many have finished. */
    synchronized void remove(int fewer) {
        if (closed) return;
        count -= fewer;
        notifyAll();
    }

    /** None is open from now on. */
    synchronized void close() {
        closed = true;
        count = 0;
        notifyAll();
    }

    synchronized int count() {
        return count;
    }

    /** Waits for such a count, but no longer than this; whether it came. */
    synchronized boolean await(IntPredicate wanted, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!wanted.test(count)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) return false;
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
