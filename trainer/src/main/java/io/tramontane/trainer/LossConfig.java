package io.tramontane.trainer;

import java.io.Serializable;

/**
 * The clipped objective (paper section 2.1).
 *
 * @param clipLow offset below 1 (not printed in the paper; DAPO's 0.2)
 * @param clipHigh offset above 1 (paper: 0.26 to 0.28 for Medium, 0.3 for Small)
 */
public record LossConfig(double clipLow, double clipHigh) implements Serializable {
    /** DAPO section 3.1. */
    public static LossConfig defaults() {
        return new LossConfig(0.2, 0.28);
    }

    /** Checks ranges. */
    public LossConfig {
        if (!(clipLow > 0 && clipLow < 1))
            throw new IllegalArgumentException("trainer.loss.clipLow " + clipLow + ", allowed (0, 1)");
        if (!(clipHigh >= clipLow))
            throw new IllegalArgumentException(
                    "trainer.loss.clipHigh " + clipHigh + ", allowed >= trainer.loss.clipLow " + clipLow);
    }
}
