package io.tramontane.model;

import java.util.Locale;

/** What a training pass keeps of its way forward for its way back. */
public enum Keep {
    /** All that the gradient needs: the fastest, and the largest. */
    ALL,
    /** The input of every block, which is then computed once more: a third more time for the layers, a fraction of the memory. */
    BLOCKS;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
