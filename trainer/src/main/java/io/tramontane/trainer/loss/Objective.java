package io.tramontane.trainer.loss;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * All that a step minimises: a loss, its correction, a KL to a reference policy, and an entropy bonus:
 * <pre>  corrected loss + klCoef sum_m w_m KL_m - entropyBonus sum_m w_m H_m</pre>
 * with the weights w of the aggregation. KL and entropy are not corrected.
 *
 * @param loss of the policy gradient
 * @param correction multiplies the loss token by token
 * @param klCoef 0 is no reference policy
 * @param klEstimator of the KL
 * @param entropyBonus coefficient of the entropy
 */
public record Objective(
        PolicyLoss loss, Optional<Correction> correction, double klCoef, KlEstimator klEstimator, double entropyBonus) {
    /** Whether log-probabilities of a whole microbatch must be there before the first slope. */
    public boolean needsWholeSequences() {
        return loss.needsWholeSequences()
                || correction.map(Correction::needsWholeSequences).orElse(false);
    }

    /** Whether the policy at the start of the step is asked for its log-probabilities. */
    public boolean needsProximal() {
        return loss.needsProximal() || correction.map(Correction::needsProximal).orElse(false);
    }

    /** Whether a reference policy is asked for its log-probabilities. */
    public boolean needsReference() {
        return klCoef > 0;
    }

    /** What {@link #fill} adds to the measures. */
    public Set<Measure> measured() {
        Set<Measure> all = EnumSet.of(Measure.ENTROPY, Measure.BEHAVIOUR_KL);
        all.addAll(loss.measured());
        correction.ifPresent(c -> all.addAll(c.measured()));
        if (needsReference()) all.add(Measure.REFERENCE_KL);
        return all;
    }

    /**
     * Fills slopes for {@code from <= m < to}.
     *
     * @param batch its factors are filled here
     * @param entropies [M] of the distributions that the tokens were drawn from, nats
     * @param slope [M] gets d objective / d logprobs
     * @param entropySlope [M] gets d objective / d entropies, where there is a bonus
     */
    public void fill(
            TokenBatch batch,
            int from,
            int to,
            float[] entropies,
            float[] slope,
            float[] entropySlope,
            Measures measures) {
        if (correction.isPresent()) correction.get().fill(batch, from, to, measures);
        else Arrays.fill(batch.factors(), from, to, 1);
        loss.slopes(batch, from, to, slope, measures);
        for (int m = from; m < to; m++) {
            double weight = batch.weights()[m];
            if (weight == 0) continue;
            double difference = (double) batch.logprobs()[m] - batch.behaviourLogprobs()[m];
            measures.add(Measure.BEHAVIOUR_KL, Math.expm1(difference) - difference);
            measures.add(Measure.ENTROPY, entropies[m]);
            if (needsReference()) slope[m] += addKl(batch, m, weight, measures);
            if (entropyBonus == 0) continue;
            entropySlope[m] = (float) (-entropyBonus * weight);
            measures.add(Measure.OBJECTIVE, entropyBonus * weight * entropies[m]);
        }
    }

    private float addKl(TokenBatch batch, int m, double weight, Measures measures) {
        double logprob = batch.logprobs()[m];
        double behaviour = batch.behaviourLogprobs()[m];
        double reference = batch.referenceLogprobs()[m];
        double kl = klEstimator.value(logprob, behaviour, reference);
        measures.add(Measure.REFERENCE_KL, kl);
        measures.add(Measure.OBJECTIVE, -klCoef * weight * kl);
        return (float) (klCoef * weight * klEstimator.slope(logprob, behaviour, reference));
    }
}
