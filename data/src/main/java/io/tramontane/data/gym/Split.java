package io.tramontane.data.gym;

/** Cuts all exercises into training and evaluation by a hash of what is asked: one in eight is held out. */
enum Split {
    TRAINING,
    EVALUATION;

    private static final int HELD_OUT_ONE_IN = 8;
    private static final int MOST_DRAWS = 10_000;

    /** The side that an exercise belongs to, for ever and for every seed. */
    static Split of(Exercise exercise) {
        long hash = 0xCBF29CE484222325L;
        String text = exercise.canonical();
        for (int i = 0; i < text.length(); i++) hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        return Long.remainderUnsigned(Dice.mix(hash), HELD_OUT_ONE_IN) == 0 ? EVALUATION : TRAINING;
    }

    /** Draws until an exercise of this side comes. */
    Exercise draw(Family family, int level, Dice dice) {
        for (int i = 0; i < MOST_DRAWS; i++) {
            Exercise exercise = family.draw(level, dice);
            if (of(exercise) == this) return exercise;
        }
        throw new IllegalStateException("family " + family.name() + " has no exercise of level " + level + " in "
                + name() + " after " + MOST_DRAWS + " draws");
    }
}
