package io.tramontane.rollout;

import java.util.Locale;

/** What becomes of the sequences that are being sampled when new weights arrive. */
public enum OnSwap {
    /** They go on with the new weights over the keys and values that the old ones computed (Magistral, section 3.2). */
    KEEP,
    /** They go on with the new weights, which first compute all of their keys and values again (AReaL). */
    RECOMPUTE,
    /** They are finished with the old weights; meanwhile no other sequence starts, and the newest weights wait. */
    DRAIN;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
