package io.tramontane.app.bench;

import io.tramontane.model.ComputeDevice;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/** Times of work that repeats. */
final class Stopwatch {
    private static final int LEAST = 3;
    private static final int MOST = 8;
    private static final double ENOUGH_SECONDS = 2;

    private Stopwatch() {}

    static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    /** The best of some repetitions after a first one, in seconds: disturbances only make it slower. */
    static double best(Runnable work) {
        return best(work, System::nanoTime);
    }

    /**
     * The same in seconds that the calling thread was computing, where one thread computes; on a GPU, or with several threads
     * for an operator, seconds on the clock.
     */
    static double bestOfThread(Runnable work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        boolean alone = !ComputeDevice.available().isGpu() && threads.isCurrentThreadCpuTimeSupported();
        return alone ? best(work, threads::getCurrentThreadCpuTime) : best(work);
    }

    private static double best(Runnable work, LongSupplier nanoseconds) {
        work.run();
        double best = Double.MAX_VALUE;
        double spent = 0;
        for (int i = 0; i < LEAST || i < MOST && spent < ENOUGH_SECONDS; i++) {
            long start = nanoseconds.getAsLong();
            work.run();
            double seconds = (nanoseconds.getAsLong() - start) * 1e-9;
            best = Math.min(best, seconds);
            spent += seconds;
        }
        return best;
    }
}
