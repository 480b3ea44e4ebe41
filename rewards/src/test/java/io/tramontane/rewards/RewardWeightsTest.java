package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardWeightsTest {
    private static final String RIGHT =
            "<think>There are three apples and we take away one of them, so two apples are left.</think>"
                    + "The number of apples that are left is \\boxed{2}.";
    private static final Problem APPLES =
            Problem.math("a/1", "en", "There are three apples. We take away one. How many are left?", "2", Map.of());

    private static RewardBreakdown score(RewardWeights weights, String text, int tokens) {
        RewardConfig usual = RewardConfig.defaults();
        RewardConfig config = new RewardConfig(
                weights,
                100,
                20,
                Map.of(),
                usual.languages(),
                usual.foreignShare(),
                usual.latexWords(),
                usual.thinkTags(),
                Map.of(),
                usual.tests(),
                usual.testSeconds(),
                usual.memoryMegabytes(),
                usual.compileSeconds(),
                usual.partialCredit());
        try (Verifiers verifiers = new Verifiers(config, 1, CodeEnvironment.closed("not needed"))) {
            return verifiers.score(APPLES, 0, List.of(text), new int[] {tokens}).get(0);
        }
    }

    @Test
    void eachPartIsWorthItsWeight() {
        // 90 tokens: 10 of the 20 before 100, so half of the largest penalty
        RewardBreakdown found = score(new RewardWeights(0.25, 2, 0.5, 0.75), RIGHT, 90);
        assertEquals(0.25, found.format());
        assertEquals(2, found.correctness());
        assertEquals(-0.25, found.length());
        assertEquals(0.75, found.language());
        assertEquals(2.75, found.reward().getAsDouble()); // 0.25 + 2 - 0.25 + 0.75
    }

    @Test
    void thePapersWeightsAreTheDefaults() {
        assertEquals(
                new RewardWeights(0.1, 0.9, 0.1, 0.1), RewardConfig.defaults().weights());
        assertEquals(1.1, RewardWeights.defaults().largest(), 1e-12);
        assertEquals(1.1, score(RewardWeights.defaults(), RIGHT, 40).reward().getAsDouble(), 1e-12);
    }

    @Test
    void formatAndLanguageAreReportedEvenWithoutWeights() {
        RewardWeights correctnessOnly = new RewardWeights(0, 1, 0, 0);
        RewardBreakdown right = score(correctnessOnly, RIGHT, 40);
        assertEquals(1, right.reward().getAsDouble());
        assertTrue(right.formatPassed());
        assertTrue(right.oneLanguage());
        RewardBreakdown malformed = score(correctnessOnly, "2", 1);
        assertFalse(malformed.formatPassed());
        assertFalse(malformed.oneLanguage());
    }

    @Test
    void aWeightThatCannotBeIsRefusedByName() {
        assertEquals("rewards.weights.correctness 0.0, allowed > 0", refusal(0.1, 0, 0.1, 0.1));
        assertEquals("rewards.weights.format -1.0, allowed >= 0", refusal(-1, 1, 0.1, 0.1));
        assertEquals("rewards.weights.length NaN, allowed >= 0", refusal(0.1, 1, Double.NaN, 0.1));
        assertEquals("rewards.weights.language Infinity, allowed >= 0", refusal(0, 1, 0, Double.POSITIVE_INFINITY));
    }

    private static String refusal(double format, double correctness, double length, double language) {
        return assertThrows(
                        IllegalArgumentException.class, () -> new RewardWeights(format, correctness, length, language))
                .getMessage();
    }
}
