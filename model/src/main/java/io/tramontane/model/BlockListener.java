package io.tramontane.model;

/**
 * What happens between the blocks of a {@link TrainingPass}: the place where pieces of weights may be fetched from other
 * processes, and gradients exchanged. Called by the thread that computes, which waits. Default: nothing.
 */
public interface BlockListener {
    /** Nothing happens. */
    BlockListener NONE = new BlockListener() {};

    /**
     * Before a block computes with the pieces of theta that it {@link Block#reads}: on the way forward, and on the way back
     * once more.
     */
    default void needsWeights(Block block) {}

    /** After this pass has added all of its gradient to the pieces that a block {@link Block#completes}. */
    default void gradientComplete(Block block) {}
}
