package io.tramontane.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The slope of every loss is the derivative of the J that the same loss measures. Losses with a stopped gradient measure J =
 * gain * logprobs with a constant gain; there the derivative is taken with the gain of the place. Log-probabilities are float32,
 * so the step is 2^-12 and added exactly where it can be.
 */
class FiniteDifferencesTest {
    private static final double STEP = 1.0 / 4096;

    private static Map<String, PolicyLoss> losses() {
        Map<String, PolicyLoss> losses = new TreeMap<>();
        for (Algorithm algorithm : Algorithm.values()) {
            LossConfig config = Configs.named(algorithm.toString());
            losses.put(algorithm.toString(), Losses.of(config).loss());
        }
        losses.put("gspo, wide", new GspoLoss(0.1, 0.1));
        losses.put("cispo, two bounds", new CispoLoss(0.2, 0.28));
        losses.put("decoupled-ppo, corrected", new DecoupledPpoLoss(0.2, 0.2, false));
        return losses;
    }

    private static boolean stopsGradient(PolicyLoss loss) {
        return loss instanceof CispoLoss || loss instanceof DppoTvLoss;
    }

    /** J of a loss, and for those that stop the gradient J / logprobs of token m, times logprobs. */
    private static double objective(PolicyLoss loss, TokenBatch batch) {
        return LossCase.measure(loss, batch, Measure.OBJECTIVE);
    }

    @Test
    void everySlopeIsTheDerivativeOfWhatTheLossMeasures() {
        losses().forEach((name, loss) -> {
            int moved = 0;
            for (long seed = 0; seed < 12; seed++) {
                TokenBatch batch = LossCase.random(seed, seed % 3 == 0 ? 1.0 : seed % 3 == 1 ? 0.1 : 1e-3);
                float[] slope = LossCase.slopes(loss, batch);
                for (int m = 0; m < slope.length; m++) {
                    if (batch.weights()[m] == 0) {
                        assertEquals(0f, slope[m], 0f, name);
                        continue;
                    }
                    double derivative = stopsGradient(loss)
                            ? objective(loss, only(batch, m)) / batch.logprobs()[m]
                            : derivative(loss, batch, m);
                    if (Double.isNaN(derivative)) continue; // a bend lies between
                    assertEquals(
                            -derivative, slope[m], 1e-4 * Math.max(0.1, Math.abs(derivative)), name + " token " + m);
                    if (slope[m] != 0) moved++;
                }
            }
            assertTrue(moved > 50, name + ": " + moved);
        });
    }

    /** By four points, an error of fourth order in the step; NaN where the two halves disagree. */
    private static double derivative(PolicyLoss loss, TokenBatch batch, int m) {
        float kept = batch.logprobs()[m];
        double[] at = new double[5];
        float[] x = new float[5];
        for (int k = 0; k < 5; k++) {
            x[k] = batch.logprobs()[m] = (float) (kept + (k - 2) * STEP);
            at[k] = objective(loss, batch);
            batch.logprobs()[m] = kept;
        }
        double below = (at[2] - at[0]) / (x[2] - x[0]);
        double above = (at[4] - at[2]) / (x[4] - x[2]);
        double scale = Math.max(Math.abs(below), Math.abs(above));
        if (Math.abs(above - below) > 0.05 * scale) return Double.NaN;
        return (8 * (at[3] - at[1]) - (at[4] - at[0])) / (12 * STEP);
    }

    /** The batch with all other weights 0, for losses whose tokens know nothing of each other. */
    private static TokenBatch only(TokenBatch batch, int m) {
        float[] weights = new float[batch.weights().length];
        weights[m] = batch.weights()[m];
        return LossCase.of(
                batch.logprobs(),
                batch.behaviourLogprobs(),
                batch.proximalLogprobs(),
                batch.advantages(),
                weights,
                batch.starts());
    }

    @Test
    void piecesGiveTheSlopesAndMeasuresOfTheWhole() {
        losses().forEach((name, loss) -> {
            TokenBatch batch = LossCase.random(5, 0.1);
            float[] whole = LossCase.slopes(loss, batch);
            float[] pieces = new float[whole.length];
            Measures measures = new Measures();
            for (int from = 0; from < whole.length; from += 4)
                loss.slopes(batch, from, Math.min(from + 4, whole.length), pieces, measures);
            for (int m = 0; m < whole.length; m++) assertEquals(whole[m], pieces[m], 0f, name + " token " + m);
            for (Measure measure : Measure.values())
                assertEquals(LossCase.measure(loss, batch, measure), measures.get(measure), 1e-9, name + " " + measure);
        });
    }

    @Test
    void theSlopeOfBothKlEstimatesIsTheirDerivative() {
        for (KlEstimator estimator : KlEstimator.values())
            for (double d : new double[] {-3, -0.5, -1e-3, 0, 1e-3, 0.5, 3}) {
                double above = estimator.value(-1 + 1e-6, -1.3, -1 + d);
                double below = estimator.value(-1 - 1e-6, -1.3, -1 + d);
                assertEquals((above - below) / 2e-6, estimator.slope(-1, -1.3, -1 + d), 1e-4, estimator + " " + d);
            }
    }

    @Test
    void aFactorOfZeroGivesASlopeOfZeroAndTheOthersAreAsBefore() {
        losses().forEach((name, loss) -> {
            TokenBatch batch = LossCase.random(6, 0.1);
            float[] before = LossCase.slopes(loss, batch);
            for (int m = 0; m < before.length; m += 2) batch.factors()[m] = 0;
            float[] after = LossCase.slopes(loss, batch);
            for (int m = 0; m < before.length; m++)
                assertEquals(m % 2 == 0 ? 0 : before[m], after[m], 0f, name + " token " + m);
        });
    }

    @Test
    void tokensOfWeightZeroHaveNoSlopeWhateverTheyCarry() {
        losses().forEach((name, loss) -> {
            TokenBatch batch = LossCase.random(7, 0.1);
            for (int m = 0; m < batch.weights().length; m += 3) {
                batch.weights()[m] = 0;
                batch.logprobs()[m] = Float.NEGATIVE_INFINITY;
                batch.behaviourLogprobs()[m] = batch.proximalLogprobs()[m] = m % 2 == 0 ? Float.NaN : -1e30f;
            }
            float[] slope = new float[batch.weights().length];
            Objective objective = new Objective(loss, Optional.empty(), 0.1, KlEstimator.UNBIASED, 0.1);
            float[] entropySlope = new float[slope.length];
            objective.fill(batch, 0, slope.length, new float[slope.length], slope, entropySlope, new Measures());
            for (int m = 0; m < slope.length; m++) {
                assertTrue(Float.isFinite(slope[m]), name + " token " + m);
                if (batch.weights()[m] == 0) assertEquals(0f, slope[m], 0f, name + " token " + m);
                if (batch.weights()[m] == 0) assertEquals(0f, entropySlope[m], 0f, name + " token " + m);
            }
        });
    }
}
