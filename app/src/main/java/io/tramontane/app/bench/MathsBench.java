package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.bench.MathsCorpus.Pair;
import io.tramontane.rewards.math.MathAnswers;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Maths checks on one thread, over the mixed corpus for several rounds. Each check is timed in CPU time of the thread, so
 * that other processes on the same cores do not disturb it.
 */
final class MathsBench {
    private static final int NAMED = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private MathsBench() {}

    static void run(Findings findings, int rounds) {
        List<Pair> pairs = MathsCorpus.read();
        for (int i = 0; i < rounds / 5 + 1; i++) pairs.forEach(MathsBench::micros); // the compiler warms up
        double[][] each = new double[pairs.size()][rounds];
        long start = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < each.length; i++) each[i][round] = micros(pairs.get(i));
        }
        double wall = (System.nanoTime() - start) / 1e9;
        print(
                findings,
                Arrays.stream(each).flatMapToDouble(Arrays::stream).sorted().toArray(),
                wall);
        slowest(findings, pairs, each);
    }

    private static void print(Findings findings, double[] sorted, double wall) {
        double perSecond = 1e6 * sorted.length / Arrays.stream(sorted).sum();
        double p50 = Findings.quantile(sorted, 0.5);
        double p99 = Findings.quantile(sorted, 0.99);
        double max = Findings.quantile(sorted, 1);
        ObjectNode maths = findings.group("maths");
        maths.put("checks", sorted.length).put("perSecond", perSecond).put("perSecondOnTheClock", sorted.length / wall);
        maths.put("p50Micros", p50).put("p99Micros", p99).put("maxMicros", max);
        findings.print(
                "maths: %.0f checks a second on one thread; p50 %.1f us, p99 %.0f us, max %.1f ms (CPU time, %d checks)",
                perSecond, p50, p99, max / 1e3, sorted.length);
    }

    /** The pairs whose median check takes longest. */
    private static void slowest(Findings findings, List<Pair> pairs, double[][] each) {
        double[] medians = Arrays.stream(each)
                .mapToDouble(
                        times -> Findings.quantile(Arrays.stream(times).sorted().toArray(), 0.5))
                .toArray();
        ObjectNode slowest = findings.group("slowestMicros");
        IntStream.range(0, medians.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -medians[i]))
                .limit(NAMED)
                .forEach(i -> slowest.put(
                        pairs.get(i).reference() + " and " + pairs.get(i).answer(), medians[i]));
    }

    private static double micros(Pair pair) {
        long start = THREADS.getCurrentThreadCpuTime();
        MathAnswers.judge(pair.reference(), pair.answer());
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e3;
    }
}
