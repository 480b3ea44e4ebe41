package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Scaled rotation in a GGUF file. llama.cpp computes "linear" and "yarn" out of the metadata; any other scaling of its family
 * llama is a tensor of divisors, {@link GgufNames#ROPE_FACTORS}, and a factor of attention.
 */
final class GgufRope {
    static final String SCALING = ".rope.scaling.";

    /** Context that a model was first trained on. */
    static final String ORIGINAL_POSITIONS = "original_context_length";

    static final String ATTENTION_FACTOR = "attn_factor";
    static final String LOG_MULTIPLIER = "yarn_log_multiplier";

    private final PolicyConfig config;
    private final RopeScaling scaling;
    private final String family;

    /** Refuses what llama.cpp does not compute. */
    GgufRope(PolicyConfig config) {
        this.config = config;
        this.scaling = config.variant().rope();
        this.family = GgufMetadata.family(config.variant().architecture());
        if (divisors().length > 0 && !family.equals("llama"))
            throw new BadInputException("rope_scaling " + scaling.getClass().getSimpleName()
                    + (scaling instanceof RopeScaling.Yarn ? " with such an attention factor" : "")
                    + ": llama.cpp does not compute it for the family " + family);
        Variant.QueryScaling queries = config.variant().queries();
        if (queries.beta() > 0
                && !(scaling instanceof RopeScaling.Yarn yarn && yarn.originalPositions() == queries.positions()))
            throw new BadInputException(
                    "llama_4_scaling_beta " + queries.beta() + ": llama.cpp has it only with yarn, and"
                            + " steps of its original context, not " + queries.positions());
    }

    /** Yarn that the metadata can say. */
    private boolean nativeYarn() {
        if (!(scaling instanceof RopeScaling.Yarn yarn) || !yarn.whole()) return false;
        return same(yarn.attentionFactor(), RopeScaling.Yarn.attentionFactor(yarn.factor(), 1)) || levelYarn();
    }

    /** The family mistral3 has a place for scores that do not grow. */
    private boolean levelYarn() {
        return scaling instanceof RopeScaling.Yarn yarn && family.equals("mistral3") && yarn.attentionFactor() == 1;
    }

    private static boolean same(double a, double b) {
        return Math.abs(a / b - 1) < 1e-6;
    }

    /** What every pair's frequency is divided by; none where the metadata say it all. */
    float[] divisors() {
        if (!scaling.scales() || scaling instanceof RopeScaling.Linear || nativeYarn()) return new float[0];
        double[] exact = scaling.divisors(config);
        float[] divisors = new float[exact.length];
        for (int i = 0; i < exact.length; i++) divisors[i] = (float) exact[i];
        return divisors;
    }

    void write(GgufWriter out) {
        String prefix = family + SCALING;
        if (scaling instanceof RopeScaling.Llama3 llama) {
            if (llama.scales()) out.number(prefix + ORIGINAL_POSITIONS, llama.originalPositions());
        } else if (scaling instanceof RopeScaling.Linear linear) {
            out.text(prefix + "type", "linear");
            out.real(prefix + "factor", linear.factor());
        } else if (nativeYarn() && scaling instanceof RopeScaling.Yarn yarn) {
            out.text(prefix + "type", "yarn");
            out.real(prefix + "factor", yarn.factor());
            out.number(prefix + ORIGINAL_POSITIONS, yarn.originalPositions());
            out.real(prefix + "yarn_beta_fast", yarn.fast());
            out.real(prefix + "yarn_beta_slow", yarn.slow());
            if (levelYarn()) out.real(prefix + LOG_MULTIPLIER, 1);
        } else if (scaling.scales()) {
            out.real(prefix + ATTENTION_FACTOR, scaling.attentionFactor());
        }
        if (config.variant().queries().beta() > 0)
            out.real(
                    family + ".attention.temperature_scale",
                    config.variant().queries().beta());
    }

    /**
     * What a tensor of divisors stands for. Llama 3's factor is the largest of them; its other numbers are the same in all
     * such models unless the metadata say otherwise. Divisors that do not follow from them stand for themselves.
     *
     * @param frequencies of the pairs, in radians per token
     * @param attention factor of attention; 1 where the file has none
     */
    static RopeScaling of(float[] divisors, double[] frequencies, int originalPositions, double attention) {
        double last = divisors[divisors.length - 1];
        boolean llama = attention == 1 && last >= 1;
        if (llama) {
            RopeScaling.Llama3 scaling = new RopeScaling.Llama3(last, 1, 4, originalPositions);
            for (int i = 0; i < divisors.length; i++)
                llama &= Math.abs(divisors[i] / scaling.divisor(frequencies[i]) - 1) < 1e-3;
            if (llama) return scaling;
        }
        List<Double> all = new ArrayList<>();
        for (float divisor : divisors) all.add((double) divisor);
        return new RopeScaling.LongRope(all, all, originalPositions, attention);
    }
}
