package io.tramontane.app.bench;

import io.tramontane.model.ComputeDevice;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
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
        return repeated(work, System::nanoTime)[0];
    }

    /**
     * The middle one of some repetitions, in seconds that the calling thread was computing, where it computes alone; on a GPU
     * in seconds on the clock. A run does not always have the best conditions.
     */
    static double typicalOfThread(Runnable work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        boolean alone = !ComputeDevice.available().gpu() && threads.isCurrentThreadCpuTimeSupported();
        double[] sorted = repeated(work, alone ? threads::getCurrentThreadCpuTime : System::nanoTime);
        return sorted[sorted.length / 2];
    }

    /** Seconds of each repetition, ascending. */
    private static double[] repeated(Runnable work, LongSupplier nanoseconds) {
        work.run();
        List<Double> times = new ArrayList<>();
        double spent = 0;
        while (times.size() < LEAST || times.size() < MOST && spent < ENOUGH_SECONDS) {
            long start = nanoseconds.getAsLong();
            work.run();
            times.add((nanoseconds.getAsLong() - start) * 1e-9);
            spent += times.get(times.size() - 1);
        }
        return times.stream().mapToDouble(time -> time).sorted().toArray();
    }
}
