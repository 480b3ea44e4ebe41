package io.tramontane.app.bench;

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
        work.run();
        double best = Double.MAX_VALUE;
        double spent = 0;
        for (int i = 0; i < LEAST || i < MOST && spent < ENOUGH_SECONDS; i++) {
            double seconds = seconds(work);
            best = Math.min(best, seconds);
            spent += seconds;
        }
        return best;
    }
}
