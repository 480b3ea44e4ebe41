package io.tramontane.cluster.roles;

import java.util.Map;
import java.util.Set;

/**
 * How far a run is. {@link RunLifecycle} alone changes it.
 *
 * <pre>
 *   TRAINING ──────────► SAVING ──────────────► EVALUATING         training over, last checkpoint saved
 *       │ Ctrl-C            │ Ctrl-C                 │ Ctrl-C
 *       ▼                   ▼                        ▼
 *   INTERRUPTED ───► INTERRUPTED_SAVING ───► INTERRUPTED_SAVED     the same without evaluations
 *
 *   any of them ───► STOPPED
 * </pre>
 */
enum RunPhase {
    /** Batches are trained. */
    TRAINING,
    /** Ctrl-C: the step under way is the last one. */
    INTERRUPTED,
    /** No step follows; the last checkpoint is not saved yet and evaluations may be open. */
    SAVING,
    /** The last checkpoint is saved; evaluations may be open. */
    EVALUATING,
    /** No step follows after Ctrl-C; the last checkpoint is not saved yet. */
    INTERRUPTED_SAVING,
    /** The last checkpoint is saved after Ctrl-C: there is nothing left to do. */
    INTERRUPTED_SAVED,
    /** All tasks end now. */
    STOPPED;

    private static final Map<RunPhase, Set<RunPhase>> NEXT = Map.of(
            TRAINING, Set.of(SAVING, INTERRUPTED, STOPPED),
            INTERRUPTED, Set.of(INTERRUPTED_SAVING, STOPPED),
            SAVING, Set.of(EVALUATING, INTERRUPTED_SAVING, STOPPED),
            EVALUATING, Set.of(INTERRUPTED_SAVED, STOPPED),
            INTERRUPTED_SAVING, Set.of(INTERRUPTED_SAVED, STOPPED),
            INTERRUPTED_SAVED, Set.of(STOPPED),
            STOPPED, Set.of());

    /** True if the second phase may follow this one. */
    boolean allows(RunPhase next) {
        return NEXT.get(this).contains(next);
    }

    /** True once no step follows. */
    boolean trainingOver() {
        return this != TRAINING && this != INTERRUPTED;
    }

    /** True once tasks must end: the trainer after its step and its checkpoint, the others at once. */
    boolean stopping() {
        return this != TRAINING && this != SAVING && this != EVALUATING;
    }
}
