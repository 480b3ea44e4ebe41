package io.tramontane.trainer.loss;

/**
 * SAPO, soft adaptive policy optimization (arXiv:2511.20347, equations 5 and 6): a smooth gate instead of a clip:
 * <pre>  loss = -mean_i mean_t (4 / tau) sigmoid(tau (ratio - 1)) A,   ratio = exp(logprobs - proximalLogprobs)</pre>
 * The slope is -w 4 g (1 - g) ratio A with g = sigmoid(tau (ratio - 1)): that of the unclipped loss at ratio 1, and less the
 * farther from it. Paper and code (TRL, verl) agree.
 *
 * @param tauPositive tau where A > 0, 1.0
 * @param tauNegative tau elsewhere, 1.05: what pushes down decays faster
 */
public record SapoLoss(double tauPositive, double tauNegative) implements PolicyLoss {
    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        for (int m = from; m < to; m++) {
            slope[m] = 0;
            double weight = batch.weight(m);
            if (weight == 0) continue;
            double ratio = Math.exp(batch.logRatio(m));
            double advantage = batch.advantages()[m];
            double tau = advantage > 0 ? tauPositive : tauNegative;
            double away = Math.exp(-tau * Math.abs(ratio - 1)); // of |x|: exp(-x) overflows on one side
            double gate = (ratio >= 1 ? 1 : away) / (1 + away);
            double decay = away / ((1 + away) * (1 + away));
            slope[m] = away == 0 ? 0 : (float) (-weight * 4 * decay * ratio * advantage);
            measures.add(Measure.OBJECTIVE, weight * 4 / tau * gate * advantage);
        }
    }
}
