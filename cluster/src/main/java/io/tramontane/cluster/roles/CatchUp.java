package io.tramontane.cluster.roles;

import java.io.Serializable;

/**
 * Extra checkpoints of trainers that started again after a failure. They make recorded steps again first; a checkpoint when they have
 * caught up keeps the next failure from costing the same steps once more. When they failed several times in a row, each of those
 * steps is saved: so failures cannot hold them at one place, however quickly they come.
 *
 * @param made the newest step that was made before
 * @param failures in a row, without progress, that went before this start
 */
public record CatchUp(int made, int failures) implements Serializable {
    /** A first start. */
    public static final CatchUp NONE = new CatchUp(0, 0);

    /** True if the weights after this step are saved, whatever {@code trainer.checkpointEvery} says. */
    boolean saves(int version) {
        return failures > 0 && version == made || failures > 1 && version < made;
    }
}
