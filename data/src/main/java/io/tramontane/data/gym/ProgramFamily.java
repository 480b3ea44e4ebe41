package io.tramontane.data.gym;

/** A kind of problem that asks for a program. */
interface ProgramFamily extends Family {
    @Override
    ProgramExercise draw(int level, Dice dice);
}
