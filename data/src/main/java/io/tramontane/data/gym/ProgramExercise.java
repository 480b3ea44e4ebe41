package io.tramontane.data.gym;

/** A program to write, and what somebody who writes it thinks and answers. */
interface ProgramExercise extends Exercise {
    /** The same as somebody believes it who slips at each step with this probability; itself where there are no steps. */
    ProgramExercise slipped(double share, Dice dice);

    /** A detailed thought. */
    String detailed(String language);

    /** A short thought without steps. */
    String guess(String language, Dice dice);

    /** The answer sentence and the program in its fence. */
    String answer(String language, Dice dice);
}
