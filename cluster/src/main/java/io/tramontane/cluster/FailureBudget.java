package io.tramontane.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How often in a row a task may fail without progress. Progress refills the budget, so that a run outlasts any number of failures
 * from outside, while a task that fails each time at the same place ends it. The first start again is at once; then there is a pause
 * that doubles each time.
 */
final class FailureBudget {
    /** Failures in a row, without progress in between, of which the last one ends the run. */
    static final int FAILURES = 4;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private long progress;
    private int failures;

    /** Begins with the progress that the task starts from. */
    FailureBudget(long progress) {
        this.progress = progress;
    }

    /**
     * The task has failed.
     *
     * @param now its progress so far, which never falls
     * @return how long to wait before it starts again; empty when the budget is spent
     */
    Optional<Duration> failed(long now) {
        if (now > progress) failures = 0;
        progress = Math.max(progress, now);
        failures++;
        return failures == FAILURES ? Optional.empty() : Optional.of(pause());
    }

    /** Failures in a row without progress. */
    int failures() {
        return failures;
    }

    private Duration pause() {
        if (failures == 1) return Duration.ZERO;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << failures - 2);
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
