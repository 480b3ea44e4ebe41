package io.tramontane.trainer.loss;

import static io.tramontane.trainer.loss.LossesByHandTest.logs;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Corrections, KL and entropy on numbers that were worked by hand. */
class CorrectionsTest {
    /** k = 0.25 / behaviour: 1, 4, 0.4. */
    private static TokenBatch batch(double advantage) {
        return LossCase.of(
                logs(0.25, 0.25, 0.25),
                logs(0.25, 0.0625, 0.625),
                logs(0.25, 0.25, 0.25),
                LossCase.constant(3, advantage),
                LossCase.constant(3, 0.5),
                0,
                3);
    }

    private static Measures fill(Correction correction, TokenBatch batch) {
        Measures measures = new Measures();
        correction.fill(batch, 0, batch.logprobs().length, measures);
        return measures;
    }

    @Test
    void truncatedImportanceSamplingHoldsLargeFactors() {
        TokenBatch batch = batch(1);
        Measures measures = fill(new TruncatedImportanceSampling(0, 2), batch);
        assertArrayEquals(new float[] {1, 2, 0.4f}, batch.factors(), 1e-6f);
        assertEquals(1, measures.get(Measure.TRUNCATED));
        fill(new TruncatedImportanceSampling(0.5, 2), batch);
        assertArrayEquals(new float[] {1, 2, 0.5f}, batch.factors(), 1e-6f);
    }

    @Test
    void icePopMasksWhatIsOutOfItsBand() {
        TokenBatch batch = batch(1);
        Measures measures = fill(new IcePop(0.5, 5), batch);
        assertArrayEquals(new float[] {1, 4, 0}, batch.factors(), 1e-5f);
        assertEquals(1, measures.get(Measure.MASKED));
        // a probability of 0 at sampling is out of the band, not NaN
        batch.behaviourLogprobs()[1] = Float.NEGATIVE_INFINITY;
        fill(new IcePop(0.5, 5), batch);
        assertArrayEquals(new float[] {1, 0, 0}, batch.factors(), 1e-5f);
    }

    @Test
    void sequencesAreMaskedThatAreBadAndFarAway() {
        // log behaviour - log pi: 0, -1.3863, 0.9163; mean -0.1567; the other way round 0.1567
        TokenBatch bad = batch(-1);
        assertEquals(0, fill(new SequenceMask(0.1), bad).get(Measure.MASKED));
        TokenBatch away = LossCase.of(
                bad.behaviourLogprobs(), bad.logprobs(), bad.logprobs(), bad.advantages(), bad.weights(), 0, 3);
        assertEquals(3, fill(new SequenceMask(0.15), away).get(Measure.MASKED));
        assertArrayEquals(new float[3], away.factors(), 0);
        assertEquals(0, fill(new SequenceMask(0.16), away).get(Measure.MASKED));
        TokenBatch good = LossCase.of(
                bad.behaviourLogprobs(), bad.logprobs(), bad.logprobs(), LossCase.constant(3, 1), bad.weights(), 0, 3);
        assertEquals(0, fill(new SequenceMask(0.15), good).get(Measure.MASKED));
    }

    @Test
    void tokensThatThePolicyDidNotWriteAreNeitherCorrectedNorCounted() {
        for (Correction correction :
                new Correction[] {new TruncatedImportanceSampling(0, 2), new IcePop(0.5, 5), new SequenceMask(-9)}) {
            TokenBatch batch = batch(-1);
            java.util.Arrays.fill(batch.weights(), 0);
            Measures measures = fill(correction, batch);
            assertArrayEquals(new float[] {1, 1, 1}, batch.factors(), 0);
            assertEquals(0, measures.get(Measure.MASKED) + measures.get(Measure.TRUNCATED));
        }
    }

    private static float[] slopes(Objective objective, TokenBatch batch, float[] entropies, float[] entropySlope) {
        float[] slope = new float[batch.logprobs().length];
        objective.fill(batch, 0, slope.length, entropies, slope, entropySlope, new Measures());
        return slope;
    }

    @Test
    void theCorrectionMultipliesTheSlope() {
        Objective objective = new Objective(
                new MagistralLoss(0.2, 0.28), Optional.of(new TruncatedImportanceSampling(0, 2)), 0, KlEstimator.K3, 0);
        assertArrayEquals(
                new float[] {-0.5f, -1, -0.2f}, slopes(objective, batch(1), new float[3], new float[3]), 1e-6f);
    }

    @Test
    void theTwoEstimatesOfTheKlAndTheirSlopes() {
        // pi 0.25, behaviour 0.2, reference 0.5: d = log 2, e^d - d - 1 = 0.306853, ratio 1.25
        double pi = Math.log(0.25);
        double behaviour = Math.log(0.2);
        double reference = Math.log(0.5);
        assertEquals(0.306853, KlEstimator.K3.value(pi, behaviour, reference), 1e-6);
        assertEquals(-1, KlEstimator.K3.slope(pi, behaviour, reference), 1e-6); // 1 - e^d
        assertEquals(0.383566, KlEstimator.UNBIASED.value(pi, behaviour, reference), 1e-6);
        assertEquals(-0.866434, KlEstimator.UNBIASED.slope(pi, behaviour, reference), 1e-6); // -1.25 log 2
    }

    @Test
    void klAndEntropyAreAddedWithTheWeightsOfTheTokens() {
        TokenBatch plain = batch(0);
        TokenBatch batch = new TokenBatch(
                plain.logprobs(),
                plain.logprobs(),
                plain.logprobs(),
                logs(0.5, 0.25, 0.25),
                plain.advantages(),
                new float[] {0.5f, 0.5f, 0},
                plain.factors(),
                plain.starts());
        Objective objective = new Objective(new MagistralLoss(0.2, 0.28), Optional.empty(), 0.1, KlEstimator.K3, 0.01);
        float[] entropySlope = new float[3];
        // 0.1 * 0.5 * (1 - e^log 2) = -0.05; where reference and policy agree 0; a token of weight 0 has none
        assertArrayEquals(
                new float[] {-0.05f, 0, 0}, slopes(objective, batch, new float[] {1, 1, 1}, entropySlope), 1e-7f);
        assertArrayEquals(new float[] {-0.005f, -0.005f, 0}, entropySlope, 1e-9f);
    }
}
