package io.tramontane.trainer;

import java.io.Serializable;
import java.util.Map;

/**
 * What one training step measured.
 *
 * @param step the policy version after it
 * @param objective J, the objective that the update raises, before it; the mean over the step's minibatches
 * @param entropy nats per completion token, before the update
 * @param clipLowShare share of completion tokens held by the lower bound, 0 to 1
 * @param clipHighShare share held by the upper bound
 * @param gradNorm before clipping, of the last minibatch
 * @param learningRate of this step
 * @param lagMean policy versions between sampling a token and training on it
 * @param lagMax the largest of them
 * @param behaviourKl mean of exp(d) - 1 - d over tokens, d = trainer minus behaviour log-probability, first minibatch
 * @param promptTokens prompt tokens that were computed, after sharing within groups
 * @param completionTokens trained tokens
 * @param others what only some objectives measure, by the metric's name, means over trained tokens
 */
public record StepReport(
        int step,
        double objective,
        double entropy,
        double clipLowShare,
        double clipHighShare,
        double gradNorm,
        double learningRate,
        double lagMean,
        int lagMax,
        double behaviourKl,
        long promptTokens,
        long completionTokens,
        Map<String, Double> others)
        implements Serializable {
    /** Of an objective that measures nothing else. */
    public StepReport(
            int step,
            double objective,
            double entropy,
            double clipLowShare,
            double clipHighShare,
            double gradNorm,
            double learningRate,
            double lagMean,
            int lagMax,
            double behaviourKl,
            long promptTokens,
            long completionTokens) {
        this(
                step,
                objective,
                entropy,
                clipLowShare,
                clipHighShare,
                gradNorm,
                learningRate,
                lagMean,
                lagMax,
                behaviourKl,
                promptTokens,
                completionTokens,
                Map.of());
    }
}
