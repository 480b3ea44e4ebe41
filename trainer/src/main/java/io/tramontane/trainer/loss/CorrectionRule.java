package io.tramontane.trainer.loss;

import java.util.Locale;

/** What is done about a sampler whose probabilities are not those of the weights at the start of the step. */
public enum CorrectionRule {
    /** {@link #TIS} where generators sample with int8 weights, otherwise {@link #NONE}. */
    AUTO,
    /** Nothing. */
    NONE,
    /** {@link TruncatedImportanceSampling}. */
    TIS,
    /** {@link IcePop}. */
    ICEPOP,
    /** {@link SequenceMask}. */
    SEQUENCE_MASK;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
