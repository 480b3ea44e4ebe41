package io.tramontane.trainer.loss;

/**
 * The clipped objective of Magistral (section 2.1), GRPO with clip-higher (DAPO, arXiv:2503.14476, section 3.1) and no KL:
 * <pre>  loss = -sum_m weights[m] min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),   ratio = exp(logprobs - behaviourLogprobs)</pre>
 * The slope is -weights[m] ratio A where the unclipped term is the smaller one, else 0.
 *
 * @param clipLow offset below 1
 * @param clipHigh offset above 1
 */
public record MagistralLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public boolean needsWholeSequences() {
        return false;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        for (int m = from; m < to; m++) {
            double difference = batch.logprobs()[m] - batch.behaviourLogprobs()[m];
            double ratio = Math.exp(difference);
            double advantage = batch.advantages()[m];
            double free = ratio * advantage;
            double bounded = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh) * advantage;
            slope[m] = free <= bounded ? (float) (-batch.weights()[m] * free) : 0;
            measures.add(Measure.OBJECTIVE, batch.weights()[m] * Math.min(free, bounded));
            if (ratio < 1 - clipLow && advantage < 0) measures.add(Measure.CLIPPED_LOW, 1);
            if (ratio > 1 + clipHigh && advantage > 0) measures.add(Measure.CLIPPED_HIGH, 1);
            measures.add(Measure.BEHAVIOUR_KL, Math.expm1(difference) - difference);
        }
    }
}
