package io.tramontane.data.gym;

/** A kind of problem. Stateless apart from its sentences; draws depend on the dice alone. */
interface Family {
    /** Its name in {@code gym.families} and in {@code Problem.extra}. */
    String name();

    /** Something to ask of a level, 1 to 6, in no language yet. */
    Exercise draw(int level, Dice dice);
}
