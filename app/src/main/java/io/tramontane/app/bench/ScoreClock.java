package io.tramontane.app.bench;

import java.util.function.LongSupplier;

/**
 * Times a job by its progress reports: from the first one, when the tasks can run, to the last one, without the pauses in which
 * the heap is read.
 */
final class ScoreClock {
    private static final int HEAP_READINGS = 10;

    private final long every;
    private final LongSupplier nanos;
    private final LongSupplier heap;
    private boolean started;
    private long start;
    private long end;
    private long paused;
    private long pausedBefore;
    private long next;
    private long largestHeap;

    /**
     * Not started.
     *
     * @param lines that the job will have finished in the end
     * @param nanos the time
     * @param heap reads the bytes that are alive, which takes its time
     */
    ScoreClock(int lines, LongSupplier nanos, LongSupplier heap) {
        this.every = Math.max(1, lines / HEAP_READINGS);
        this.nanos = nanos;
        this.heap = heap;
    }

    /** Of this process. */
    static ScoreClock of(int lines) {
        return new ScoreClock(lines, System::nanoTime, ScoreClock::alive);
    }

    private static long alive() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A progress report: {@code done} lines are finished. */
    void at(long done) {
        end = nanos.getAsLong();
        if (!started) start = end;
        started = true;
        pausedBefore = paused; // the pause after the last report does not count
        if (done < next) return;
        next = done + every;
        largestHeap = Math.max(largestHeap, heap.getAsLong());
        paused += nanos.getAsLong() - end;
    }

    double seconds() {
        return (end - start - pausedBefore) / 1e9;
    }

    /** In bytes. */
    long largestHeap() {
        return largestHeap;
    }
}
