package io.tramontane.trainer.loss;

import static io.tramontane.trainer.loss.LossCase.measure;
import static io.tramontane.trainer.loss.LossCase.ratios;
import static io.tramontane.trainer.loss.LossCase.slopes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every loss on numbers that were worked by hand; ratios are to probabilities of 0.25. */
class LossesByHandTest {
    /** -w ratio A, except where min takes the clipped term, which is constant. */
    @Test
    void theClippedLossesDropWhatTheAdvantagePushesOutOfTheClip() {
        for (PolicyLoss loss : List.of(
                new MagistralLoss(0.2, 0.28),
                new DapoLoss(0.2, 0.28),
                new DrGrpoLoss(0.2, 0.28),
                new ReinforcePlusPlusLoss(0.2, 0.28))) {
            // A = 2, w = 1/4: -1.2 * 2 / 4 = -0.6; 1.3 is above 1.28; 0.7 is below 0.8 but pushed back up: -0.35
            assertArrayEquals(new float[] {-0.6f, 0, -0.35f}, slopes(loss, ratios(2, 0.25, 1.2, 1.3, 0.7)), 1e-6f);
            // A = -2: 1.3 is pushed back down: 0.65; 0.7 is below 0.8: 0
            assertArrayEquals(new float[] {0.6f, 0.65f, 0}, slopes(loss, ratios(-2, 0.25, 1.2, 1.3, 0.7)), 1e-6f);
            // J: (1.2 + 1.28 + 0.7) * 2 / 4 = 1.59
            assertEquals(1.59, measure(loss, ratios(2, 0.25, 1.2, 1.3, 0.7), Measure.OBJECTIVE), 1e-6);
            assertEquals(1, measure(loss, ratios(2, 0.25, 1.2, 1.3, 0.7), Measure.CLIPPED_HIGH));
            assertEquals(0, measure(loss, ratios(2, 0.25, 1.2, 1.3, 0.7), Measure.CLIPPED_LOW));
            assertEquals(1, measure(loss, ratios(-2, 0.25, 1.2, 1.3, 0.7), Measure.CLIPPED_LOW));
        }
    }

    @Test
    void justInsideOfTheClipATokenCountsAndJustOutsideItDoesNot() {
        PolicyLoss loss = new MagistralLoss(0.2, 0.28);
        assertArrayEquals(new float[] {-1.279999f, 0}, slopes(loss, ratios(1, 1, 1.279999, 1.280001)), 1e-6f);
        assertArrayEquals(new float[] {0, 0.800001f}, slopes(loss, ratios(-1, 1, 0.799999, 0.800001)), 1e-6f);
    }

    @Test
    void decoupledPpoClipsAroundTheProximalPolicyAndWeighsWithWhatLiesBefore() {
        // pi 0.3, proximal 0.25, behaviour 0.2: ratio 1.2, k = 1.25; A = 2, w = 1/2: -1.25 * 1.2 * 2 / 2 = -1.5
        TokenBatch batch = LossCase.of(logs(0.3), logs(0.2), logs(0.25), new float[] {2}, new float[] {0.5f}, 0, 1);
        assertArrayEquals(new float[] {-1.5f}, slopes(new DecoupledPpoLoss(0.2001, 0.2001, true), batch), 1e-6f);
        assertArrayEquals(new float[] {-1.2f}, slopes(new DecoupledPpoLoss(0.2001, 0.2001, false), batch), 1e-6f);
        assertArrayEquals(new float[] {0}, slopes(new DecoupledPpoLoss(0.1, 0.1, true), batch), 0);
    }

    @Test
    void gspoHasOneRatioForTheCompletion() {
        // s = sqrt(1.21 * 1) = 1.1; A = 2, w = 1/2 each: -1.1 * 2 / 2 for both tokens
        PolicyLoss wide = new GspoLoss(0.2, 0.2);
        assertArrayEquals(new float[] {-1.1f, -1.1f}, slopes(wide, ratios(2, 0.5, 1.21, 1)), 1e-6f);
        // its own clip: 1.1 > 1 + 4e-4 with A > 0 holds both tokens; pushed down, both count
        PolicyLoss own = new GspoLoss(3e-4, 4e-4);
        assertArrayEquals(new float[] {0, 0}, slopes(own, ratios(2, 0.5, 1.21, 1)), 0);
        assertEquals(2, measure(own, ratios(2, 0.5, 1.21, 1), Measure.CLIPPED_HIGH));
        assertEquals(2.0008, measure(own, ratios(2, 0.5, 1.21, 1), Measure.OBJECTIVE), 1e-6); // 2 * 1.0004 * 2 / 2
        assertArrayEquals(new float[] {1.1f, 1.1f}, slopes(own, ratios(-2, 0.5, 1.21, 1)), 1e-6f);
    }

    @Test
    void gspoLeavesOutTokensThatThePolicyDidNotWrite() {
        TokenBatch batch = ratios(2, 0.5, 1.21, 3, 1);
        batch.weights()[1] = 0; // as in the test above, with a token of the environment between
        assertArrayEquals(new float[] {-1.1f, 0, -1.1f}, slopes(new GspoLoss(0.2, 0.2), batch), 1e-6f);
    }

    @Test
    void cispoClipsTheWeightAndKeepsEveryToken() {
        // A = 2, w = 1/2: -1.2, then -min(6, 5), and without a lower bound -0.1
        PolicyLoss own = new CispoLoss(1, 4);
        assertArrayEquals(new float[] {-1.2f, -5, -0.1f}, slopes(own, ratios(2, 0.5, 1.2, 6, 0.1)), 1e-5f);
        assertArrayEquals(new float[] {1.2f, 5, 0.1f}, slopes(own, ratios(-2, 0.5, 1.2, 6, 0.1)), 1e-5f);
        assertEquals(1, measure(own, ratios(2, 0.5, 1.2, 6, 0.1), Measure.CLIPPED_HIGH));
        // with two offsets: max(0.1, 0.8) = 0.8, min(6, 1.28) = 1.28
        PolicyLoss both = new CispoLoss(0.2, 0.28);
        assertArrayEquals(new float[] {-1.2f, -1.28f, -0.8f}, slopes(both, ratios(2, 0.5, 1.2, 6, 0.1)), 1e-6f);
        // J of one token: 1 * 1.28 * log(0.25 * 6)
        assertEquals(1.28 * Math.log(1.5), measure(both, ratios(1, 1, 6), Measure.OBJECTIVE), 1e-6);
    }

    @Test
    void gmpoTakesTheGeometricMeanOfRatiosClippedOnTheSideOfTheAdvantage() {
        // log ratios 0.2, 0.6, -0.6; A = 1: clipped 0.2, 0.4, -0.6, mean 0, g = 1; the second is clipped
        double[] ratios = {Math.exp(0.2), Math.exp(0.6), Math.exp(-0.6)};
        PolicyLoss loss = new GmpoLoss(0.4, 0.4);
        assertArrayEquals(new float[] {-0.5f, 0, -0.5f}, slopes(loss, ratios(1, 0.5, ratios)), 1e-6f);
        // A = -1: 0.2, 0.6, -0.4, mean 0.13333, g = 1.142631; the third is clipped
        assertArrayEquals(new float[] {0.571315f, 0.571315f, 0}, slopes(loss, ratios(-1, 0.5, ratios)), 1e-6f);
        assertEquals(1, measure(loss, ratios(1, 0.5, ratios), Measure.CLIPPED_HIGH));
        assertEquals(1, measure(loss, ratios(-1, 0.5, ratios), Measure.CLIPPED_LOW));
        assertEquals(1.5, measure(loss, ratios(1, 0.5, ratios), Measure.OBJECTIVE), 1e-6);
    }

    @Test
    void sapoHasTheSlopeOfTheUnclippedLossAtRatioOneAndLessFarFromIt() {
        PolicyLoss loss = new SapoLoss(1, 2);
        // ratio 1: g = 1/2, 4 g (1 - g) = 1: -w A. ratio 2, tau 1: g = sigmoid(1) = 0.731059, 4 * 0.196612 * 2 =
        // 1.572895
        assertArrayEquals(new float[] {-1, -1.572895f}, slopes(loss, ratios(2, 0.5, 1, 2)), 1e-6f);
        // A < 0, tau 2: ratio 2: g = sigmoid(2) = 0.880797, 4 * 0.104994 * 2 = 0.839949
        assertArrayEquals(new float[] {1, 0.839949f}, slopes(loss, ratios(-2, 0.5, 1, 2)), 1e-6f);
        // J: ratio 1: 4/1 * 1/2 * 2 * 1/2 = 2
        assertEquals(2, measure(loss, ratios(2, 0.5, 1), Measure.OBJECTIVE), 1e-6);
        // exp(1000) would overflow: nothing is left, and it is not NaN
        assertArrayEquals(new float[] {0}, slopes(loss, ratios(2, 0.5, 1e20)), 0);
    }

    @Test
    void dppoLooksAtProbabilitiesNotRatios() {
        PolicyLoss loss = new DppoTvLoss(0.15, 0.15);
        // from 0.25: to 0.375 moves 0.125, to 0.5 moves 0.25 > 0.15, to 0.05 moves -0.2; A = 2, w = 1/2
        assertArrayEquals(new float[] {-1.5f, 0, -0.2f}, slopes(loss, ratios(2, 0.5, 1.5, 2, 0.2)), 1e-6f);
        assertArrayEquals(new float[] {1.5f, 2, 0}, slopes(loss, ratios(-2, 0.5, 1.5, 2, 0.2)), 1e-6f);
        assertEquals(1, measure(loss, ratios(2, 0.5, 1.5, 2, 0.2), Measure.CLIPPED_HIGH));
        assertEquals(1, measure(loss, ratios(-2, 0.5, 1.5, 2, 0.2), Measure.CLIPPED_LOW));
        // 1e-4 to 1e-2: a ratio of 100 moves 0.0099, kept, with at most 20
        TokenBatch rare = LossCase.of(logs(1e-2), logs(1e-4), logs(1e-4), new float[] {1}, new float[] {1}, 0, 1);
        assertArrayEquals(new float[] {-20}, slopes(loss, rare), 1e-4f);
    }

    static float[] logs(double... probabilities) {
        float[] logs = new float[probabilities.length];
        for (int m = 0; m < logs.length; m++) logs[m] = (float) Math.log(probabilities[m]);
        return logs;
    }
}
