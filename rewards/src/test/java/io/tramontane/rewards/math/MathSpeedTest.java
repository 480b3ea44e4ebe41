package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Times a check of every pair of the corpus, warm, and prints what docs/rewards-maths.md quotes. */
@Tag("alone")
class MathSpeedTest {
    private static final int ROUNDS = 4;

    @Test
    void theMedianCheckTakesWellBelowAMillisecond() {
        List<CorpusTest.Pair> pairs = CorpusTest.Pair.all();
        long[] nanos = new long[pairs.size()];
        for (int round = 0; round < ROUNDS; round++)
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                MathAnswers.judge(pairs.get(i).reference(), pairs.get(i).answer());
                nanos[i] = System.nanoTime() - start;
            }
        double perSecond = nanos.length / (Arrays.stream(nanos).sum() / 1e9);
        Arrays.sort(nanos);
        double median = nanos[nanos.length / 2] / 1e6;
        System.out.printf(
                "maths checks: %.0f/s, p50 %.3f ms, p99 %.3f ms, max %.3f ms (%d pairs)%n",
                perSecond, median, nanos[nanos.length * 99 / 100] / 1e6, nanos[nanos.length - 1] / 1e6, nanos.length);
        assertTrue(median < 1, "median " + median + " ms");
    }
}
