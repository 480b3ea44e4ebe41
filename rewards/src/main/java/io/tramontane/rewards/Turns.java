package io.tramontane.rewards;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who may run a program now: as many at a time as there are cores, in the order in which they asked. So the programs of one
 * group run side by side, and those of another group, which ask in between, are not behind them. Waiting costs a program
 * nothing, since its clock starts when it does.
 */
final class Turns {
    /** Every turn ends by itself within minutes, so whoever waits longer than this waits for a fault of ours. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Semaphore free;

    /** @param atOnce turns at the same time */
    Turns(int atOnce) {
        free = new Semaphore(atOnce, true);
    }

    /** As many as this process may use cores. */
    static Turns ofCores() {
        return new Turns(Runtime.getRuntime().availableProcessors());
    }

    /** Why a turn never came: our own failure. */
    static final class NoTurn extends Exception {
        private static final long serialVersionUID = 1;

        NoTurn(String why) {
            super(why);
        }
    }

    /** What takes a turn. */
    interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Waits for a turn and does the work. */
    <T, E extends Exception> T take(Work<T, E> work) throws E, NoTurn {
        try {
            if (!free.tryAcquire(LONGEST.toSeconds(), TimeUnit.SECONDS))
                throw new NoTurn("no core was free for " + LONGEST.toMinutes() + " minutes");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NoTurn("interrupted");
        }
        try {
            return work.run();
        } finally {
            free.release();
        }
    }
}
