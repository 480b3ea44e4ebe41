package io.tramontane.trainer.loss;

import java.util.Map;

/** Loss configs that differ from the default in a few values. */
public final class Configs {
    private Configs() {}

    /** Another loss. */
    public static LossConfig named(String name) {
        return with(name, CorrectionRule.NONE, 0, 0, Map.of());
    }

    /** Another loss with a correction. */
    public static LossConfig corrected(String name, CorrectionRule correction) {
        return with(name, correction, 0, 0, Map.of());
    }

    /** Another clip. */
    public static LossConfig clipped(String name, double low, double high) {
        return with(name, CorrectionRule.NONE, low, high, Map.of());
    }

    /** Options. */
    public static LossConfig with(
            String name, CorrectionRule correction, double low, double high, Map<String, String> options) {
        LossConfig d = LossConfig.defaults();
        return new LossConfig(
                name,
                d.advantage(),
                d.aggregation(),
                correction,
                low,
                high,
                0,
                0,
                d.tauPositive(),
                d.tauNegative(),
                10,
                0,
                d.klEstimator(),
                0,
                d.reference(),
                d.referenceDecay(),
                options);
    }

    /** A KL to a reference. */
    public static LossConfig toReference(ReferenceRule reference, double decay) {
        LossConfig d = LossConfig.defaults();
        return new LossConfig(
                d.name(),
                d.advantage(),
                d.aggregation(),
                d.correction(),
                0,
                0,
                0,
                0,
                d.tauPositive(),
                d.tauNegative(),
                0,
                0.1,
                d.klEstimator(),
                0,
                reference,
                decay,
                Map.of());
    }
}
