package io.tramontane.trainer.loss;

import java.io.Serializable;
import java.util.Map;

/**
 * What a step minimises. A rule that is {@code auto} and a number that is 0 are those of the loss's paper, told in
 * docs/algorithms.md; {@link #ownAdvantage}, {@link #low} and the like say which.
 *
 * @param name of the loss: magistral, dr-grpo, dapo, gspo, cispo, gmpo, sapo, dppo-tv, decoupled-ppo, reinforce++, or a class of
 *     yours on the class path that implements PolicyLoss
 * @param advantage how rewards become advantages; auto is the loss's own, minibatch for magistral
 * @param aggregation how tokens share the loss; auto is the loss's own, token-mean for magistral
 * @param correction what is done about a sampler whose probabilities are not the trainer's; auto is tis where rollout.dtype is
 *     int8, otherwise none
 * @param clipLow offset below 1; 0 is the loss's own, 0.2 for magistral (not printed in its paper; DAPO's)
 * @param clipHigh offset above 1; 0 is the loss's own, 0.28 for magistral (paper: 0.26 to 0.28 for Medium, 0.3 for Small)
 * @param correctionLow lower bound of the correction; 0 is its own: 0.5 for icepop, none for tis
 * @param correctionHigh upper bound of the correction; 0 is its own: 2 for tis, 5 for icepop, 0.5 nats for sequence-mask
 * @param tauPositive sapo's temperature where the advantage is positive
 * @param tauNegative sapo's temperature elsewhere
 * @param constantLength L of constant-length; 0 is rollout.maxTokens
 * @param klCoef of the KL to the reference policy; 0 is none (the paper), and then there is no reference policy in memory
 * @param klEstimator how the KL is estimated
 * @param entropyBonus coefficient of the entropy
 * @param reference the weights that the run began with, or their moving average
 * @param referenceDecay of the moving average, once a step
 * @param options for a loss of yours, by name
 */
public record LossConfig(
        String name,
        AdvantageRule advantage,
        Aggregation aggregation,
        CorrectionRule correction,
        double clipLow,
        double clipHigh,
        double correctionLow,
        double correctionHigh,
        double tauPositive,
        double tauNegative,
        int constantLength,
        double klCoef,
        KlEstimator klEstimator,
        double entropyBonus,
        ReferenceRule reference,
        double referenceDecay,
        Map<String, String> options)
        implements Serializable {
    private static final String OWN = ", or 0 for the loss's own";

    /** Magistral's objective. */
    public static LossConfig defaults() {
        return new LossConfig(
                Algorithm.MAGISTRAL.toString(),
                AdvantageRule.AUTO,
                Aggregation.AUTO,
                CorrectionRule.AUTO,
                0,
                0,
                0,
                0,
                1.0,
                1.05,
                0,
                0,
                KlEstimator.UNBIASED,
                0,
                ReferenceRule.START,
                0.99,
                Map.of());
    }

    /** Checks ranges, and that nothing is asked for that the rest has no use for. */
    public LossConfig {
        if (Algorithm.of(name).isEmpty()
                && !name.matches("([\\p{L}_$][\\p{L}\\p{N}_$]*\\.)*[\\p{Lu}_$][\\p{L}\\p{N}_$]*"))
            throw new IllegalArgumentException("trainer.loss.name " + name + ", allowed " + Algorithm.words()
                    + ", or the name of a class on the class path");
        checkClips(name, clipLow, clipHigh);
        checkCorrection(correction, correctionLow, correctionHigh);
        if (!(tauPositive > 0))
            throw new IllegalArgumentException("trainer.loss.tauPositive " + tauPositive + ", allowed > 0");
        if (!(tauNegative > 0))
            throw new IllegalArgumentException("trainer.loss.tauNegative " + tauNegative + ", allowed > 0");
        if (constantLength < 0)
            throw new IllegalArgumentException(
                    "trainer.loss.constantLength " + constantLength + ", allowed >= 1, or 0 for rollout.maxTokens");
        if (!(klCoef >= 0 && klCoef < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("trainer.loss.klCoef " + klCoef + ", allowed >= 0");
        if (!(entropyBonus >= 0 && entropyBonus < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("trainer.loss.entropyBonus " + entropyBonus + ", allowed >= 0");
        if (!(referenceDecay >= 0 && referenceDecay < 1))
            throw new IllegalArgumentException("trainer.loss.referenceDecay " + referenceDecay + ", allowed [0, 1)");
        if (reference == ReferenceRule.EMA && klCoef == 0)
            throw new IllegalArgumentException(
                    "trainer.loss.reference ema with trainer.loss.klCoef 0: nothing is taken to it, allowed start");
        if (Algorithm.of(name).isPresent() && !options.isEmpty())
            throw new IllegalArgumentException("trainer.loss.options " + options.keySet() + " with trainer.loss.name "
                    + name + ": allowed with a loss of yours only");
        options = Map.copyOf(options);
    }

    private static void checkClips(String name, double clipLow, double clipHigh) {
        if (Algorithm.of(name).isEmpty()) {
            if (!(clipLow >= 0) || !(clipHigh >= 0))
                throw new IllegalArgumentException(
                        "trainer.loss.clipLow " + clipLow + ", trainer.loss.clipHigh " + clipHigh + ", allowed >= 0");
            return;
        }
        Algorithm algorithm = Algorithm.of(name).orElseThrow();
        if (algorithm.clips().isEmpty()) {
            if (clipLow != 0 || clipHigh != 0)
                throw new IllegalArgumentException(
                        "trainer.loss.clipLow " + clipLow + " and trainer.loss.clipHigh "
                                + clipHigh + " with trainer.loss.name " + name
                                + ", which has no clip: allowed 0; it has trainer.loss.tauPositive and trainer.loss.tauNegative");
            return;
        }
        Algorithm.Clips own = algorithm.clips().orElseThrow();
        if (clipLow != 0 && !own.allows(clipLow))
            throw new IllegalArgumentException("trainer.loss.clipLow " + clipLow + ", allowed " + own.range() + OWN);
        double low = own.closed() ? 0 : clipLow == 0 ? own.low() : clipLow;
        if (clipHigh != 0 && !(clipHigh > 0 && clipHigh >= low))
            throw new IllegalArgumentException("trainer.loss.clipHigh " + clipHigh + " is below "
                    + (low == 0 ? "0" : "the lower clip " + low) + ", allowed >= trainer.loss.clipLow" + OWN);
    }

    private static void checkCorrection(CorrectionRule rule, double low, double high) {
        if (!(low >= 0))
            throw new IllegalArgumentException(
                    "trainer.loss.correctionLow " + low + ", allowed >= 0; 0 is the correction's own");
        if (!(high >= 0))
            throw new IllegalArgumentException(
                    "trainer.loss.correctionHigh " + high + ", allowed >= 0; 0 is the correction's own");
        String given = "trainer.loss.correctionLow " + low + " and trainer.loss.correctionHigh " + high
                + " with trainer.loss.correction " + rule;
        boolean none = rule == CorrectionRule.NONE || rule == CorrectionRule.AUTO;
        if (none && (low != 0 || high != 0))
            throw new IllegalArgumentException(
                    given + ", which has no bounds: leave both at 0, or name tis, icepop or" + " sequence-mask");
        if (rule == CorrectionRule.SEQUENCE_MASK && low != 0)
            throw new IllegalArgumentException(given + ", which has no lower bound: leave it at 0");
        if ((high == 0 ? ownHigh(rule) : high) <= (low == 0 ? ownLow(rule) : low) && !none)
            throw new IllegalArgumentException(given + ": the upper bound is not above the lower one");
    }

    private static double ownLow(CorrectionRule rule) {
        return rule == CorrectionRule.ICEPOP ? 0.5 : 0;
    }

    private static double ownHigh(CorrectionRule rule) {
        return switch (rule) {
            case AUTO, NONE -> 0;
            case TIS -> 2;
            case ICEPOP -> 5;
            case SEQUENCE_MASK -> 0.5;
        };
    }

    /** The advantage rule, never auto. */
    public AdvantageRule ownAdvantage() {
        if (advantage != AdvantageRule.AUTO) return advantage;
        return Algorithm.of(name).map(a -> a.advantage).orElse(AdvantageRule.MINIBATCH);
    }

    /** The aggregation, never auto. */
    public Aggregation ownAggregation() {
        if (aggregation != Aggregation.AUTO) return aggregation;
        return Algorithm.of(name).map(a -> a.aggregation).orElse(Aggregation.TOKEN_MEAN);
    }

    /** The lower clip, the loss's own where the config has 0; 0 for a loss without a clip and for one of the user's. */
    public double low() {
        return clipLow != 0
                ? clipLow
                : Algorithm.of(name)
                        .flatMap(Algorithm::clips)
                        .map(Algorithm.Clips::low)
                        .orElse(0.0);
    }

    /** The upper clip, likewise. */
    public double high() {
        return clipHigh != 0
                ? clipHigh
                : Algorithm.of(name)
                        .flatMap(Algorithm::clips)
                        .map(Algorithm.Clips::high)
                        .orElse(0.0);
    }

    /** What the loss takes where the config has left it the choice, in a few words. */
    public String described() {
        boolean clips = Algorithm.of(name).flatMap(Algorithm::clips).isPresent();
        return name + (clips ? ", clip " + low() + " below and " + high() + " above" : "") + ", advantage "
                + ownAdvantage() + ", aggregation " + ownAggregation()
                + (correction == CorrectionRule.NONE || correction == CorrectionRule.AUTO
                        ? ""
                        : ", correction " + correction)
                + (klCoef == 0 ? "" : ", KL to the " + reference + " " + klCoef);
    }

    /** The same with a correction known, where the config left it to {@code rollout.dtype}. */
    public LossConfig withCorrection(CorrectionRule own) {
        return correction == CorrectionRule.AUTO ? with(own, constantLength) : this;
    }

    /** The same with L known, where the config left it to {@code rollout.maxTokens}. */
    public LossConfig withConstantLength(int maxTokens) {
        return constantLength == 0 ? with(correction, maxTokens) : this;
    }

    private LossConfig with(CorrectionRule rule, int length) {
        return new LossConfig(
                name,
                advantage,
                aggregation,
                rule,
                clipLow,
                clipHigh,
                correctionLow,
                correctionHigh,
                tauPositive,
                tauNegative,
                length,
                klCoef,
                klEstimator,
                entropyBonus,
                reference,
                referenceDecay,
                options);
    }

    /** The correction's lower bound, its own where the config has 0. */
    double lowOfCorrection() {
        return correctionLow == 0 ? ownLow(correction) : correctionLow;
    }

    /** The correction's upper bound, likewise. */
    double highOfCorrection() {
        return correctionHigh == 0 ? ownHigh(correction) : correctionHigh;
    }
}
