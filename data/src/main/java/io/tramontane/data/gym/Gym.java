package io.tramontane.data.gym;

import io.tramontane.data.ProblemSource;

/**
 * The gym: endless problems with known answers. Index i gives the same problem in any process; {@code Problem.extra} holds
 * "level" (1 to 6), "family" and, where the family knows one, "opening": the forced first sentence of a detailed thought
 * in the right language, with {@code <think>} before it.
 */
public final class Gym {
    private Gym() {}

    /** Problems to train on. Problems of different seeds may be equal; none is ever a held-out one. */
    public static ProblemSource training(GymConfig config, long seed) {
        return new GymSource(config, Split.TRAINING, seed);
    }

    /**
     * Held-out problems: no training problem asks the same in any language. Every level that is trained on has the same
     * share here, however often training asks for it.
     */
    public static ProblemSource evaluation(GymConfig config, long seed) {
        return new GymSource(config.withEvenLevels(), Split.EVALUATION, seed);
    }
}
