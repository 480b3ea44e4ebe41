package io.tramontane.trainer.loss;

import java.util.Locale;

/** Which policy a KL is taken to. */
public enum ReferenceRule {
    /** The weights that the run began with. */
    START,
    /** The moving average of the weights. */
    EMA;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
