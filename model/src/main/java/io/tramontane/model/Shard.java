package io.tramontane.model;

import java.util.Locale;

/** What trainer ranks divide among them; microbatches are divided always. */
public enum Shard {
    /** Nothing: every rank has all weights, their gradient and both moments. */
    NONE,
    /** The moments: every rank updates one range of the weights, and gets the others (ZeRO-1, arXiv:1910.02054). */
    OPTIMIZER,
    /** Weights, gradient and moments: what a block computes with is gathered before it (ZeRO-3, arXiv:1910.02054). */
    FULL;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
