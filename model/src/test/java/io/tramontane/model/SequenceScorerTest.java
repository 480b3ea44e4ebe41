package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceScorerTest {
    private static final int VOCABULARY = PolicyTest.SMALL.vocabulary();
    private static final int[] SEQUENCE = new Random(4).ints(12, 0, VOCABULARY).toArray();

    private static SequenceScorer scorer(int passTokens) {
        WeightSnapshot weights = PolicyTest.random(PolicyTest.SMALL, 1);
        return new SequenceScorer(weights, Numerics.FAST, ComputeDevice.CPU, passTokens);
    }

    @Test
    void logprobsAreLogitsLessTheLogarithmOfTheirExponentials() {
        try (SequenceScorer scorer = scorer(512)) {
            float[] logits = scorer.logits(SEQUENCE);
            assertEquals(12 * VOCABULARY, logits.length);
            float[] scored = scorer.logprobs(List.of(SEQUENCE)).get(0);
            for (int t = 0; t < 11; t++) {
                double sum = 0;
                for (int v = 0; v < VOCABULARY; v++) sum += Math.exp(logits[t * VOCABULARY + v]);
                assertEquals(logits[t * VOCABULARY + SEQUENCE[t + 1]] - Math.log(sum), scored[t], 1e-5);
            }
        }
    }

    @Test
    void passesOfAnySizeGiveTheSame() {
        List<int[]> sequences = List.of(SEQUENCE, new int[] {3}, new int[] {4, 5});
        try (SequenceScorer whole = scorer(512);
                SequenceScorer parts = scorer(5)) {
            List<float[]> expected = whole.logprobs(sequences);
            List<float[]> found = parts.logprobs(sequences);
            assertEquals(0, found.get(1).length);
            for (int i = 0; i < 3; i++) assertArrayEquals(expected.get(i), found.get(i), 1e-5f);
        }
    }

    @Test
    void aPassOfNoTokensIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> scorer(0));
    }
}
