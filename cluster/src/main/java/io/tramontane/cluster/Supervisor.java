package io.tramontane.cluster;

import io.tramontane.data.BadInputException;
import io.tramontane.data.UnreadableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Runs one task, or the stage of trainers, again and again until it ends by itself. Progress refills its {@link FailureBudget}. Bad
 * input and errors of the JVM end the run at once: another start would meet them again.
 *
 * @param role that failures name
 * @param progress how far the task has got, a number that never falls
 * @param run what the failures are told to
 */
record Supervisor(String role, LongSupplier progress, Run run) {
    /** A start of the task, which returns when it has ended; {@code failures} in a row went before it. */
    interface Start {
        void run(int failures) throws Exception; // Scala throws checked exceptions that Java does not see
    }

    /** The run around a task. */
    interface Run {
        /** True when tasks are to end. */
        boolean stopping();

        /** The task failed and starts again after a pause; {@code count} says how often it may fail. */
        void restarts(RuntimeException failure, String count);

        /** Waits; shorter when the run ends meanwhile. */
        void pause(Duration time, BooleanSupplier until);
    }

    private static boolean isPermanent(RuntimeException failure) {
        return failure instanceof BadInputException && !(failure instanceof UnreadableException);
    }

    /** Returns when the task has ended or the run stops. */
    void supervise(Start start) throws Exception {
        FailureBudget budget = new FailureBudget(progress.getAsLong());
        while (true) {
            try {
                start.run(budget.failures());
                return;
            } catch (Exception e) {
                RuntimeException failure = TaskFailure.of(role, e);
                Optional<Duration> pause = budget.failed(progress.getAsLong());
                if (run.stopping() || pause.isEmpty() || isPermanent(failure)) throw e;
                run.restarts(failure, budget.failures() + " of " + (FailureBudget.FAILURES - 1) + " times");
                run.pause(pause.get(), run::stopping);
                if (run.stopping()) return;
            }
        }
    }
}
