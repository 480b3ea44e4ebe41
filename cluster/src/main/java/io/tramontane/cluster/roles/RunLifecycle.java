package io.tramontane.cluster.roles;

import java.util.Optional;

/**
 * The phase of a run and what ended it; nothing else changes them. Any thread may call. A call that is repeated, by a trainer
 * that started again for example, has no second effect.
 */
final class RunLifecycle {
    private volatile RunPhase phase = RunPhase.TRAINING;
    private volatile boolean interrupted;
    private volatile Throwable failure;

    RunPhase phase() {
        return phase;
    }

    /** No step follows; true for the call that ends training. */
    synchronized boolean endTraining() {
        if (phase.trainingOver()) return false;
        become(phase == RunPhase.TRAINING ? RunPhase.SAVING : RunPhase.INTERRUPTED_SAVING);
        return true;
    }

    /** The last checkpoint of the run is saved. */
    synchronized void saved() {
        if (!phase.trainingOver())
            throw new IllegalStateException("the last checkpoint is saved, but the run is " + phase);
        if (phase == RunPhase.SAVING) become(RunPhase.EVALUATING);
        if (phase == RunPhase.INTERRUPTED_SAVING) become(RunPhase.INTERRUPTED_SAVED);
    }

    /** Ctrl-C. */
    synchronized void interrupt() {
        interrupted = true;
        switch (phase) {
            case TRAINING -> become(RunPhase.INTERRUPTED);
            case SAVING -> become(RunPhase.INTERRUPTED_SAVING);
            case EVALUATING -> become(RunPhase.INTERRUPTED_SAVED);
            default -> {} // the run is ending already
        }
    }

    /** All tasks end now. */
    synchronized void stop() {
        if (phase != RunPhase.STOPPED) become(RunPhase.STOPPED);
    }

    private void become(RunPhase next) {
        if (!phase.allows(next)) throw new IllegalStateException("a run that is " + phase + " cannot become " + next);
        phase = next;
    }

    /** Keeps the first failure; later ones follow from it. */
    synchronized void fail(Throwable cause) {
        if (failure == null) failure = cause;
    }

    /** What ended the run, if anything went wrong. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** True if somebody pressed Ctrl-C, at any time. */
    boolean interrupted() {
        return interrupted;
    }

    /**
     * True when nothing is left to do.
     *
     * @param openEvaluations ordered ones that are not complete
     */
    boolean finished(int openEvaluations) {
        RunPhase now = phase;
        return now == RunPhase.INTERRUPTED_SAVED || now == RunPhase.EVALUATING && openEvaluations == 0;
    }
}
