package io.tramontane.rewards;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many programs run at the same time: one slot for each core, given out in the order of the requests (a fair
 * semaphore). Programs of one group run in parallel, and those of another group are not queued behind the whole group. The
 * wait for a slot does not count against a program's time limit, since its clock starts with it.
 */
final class ProgramSlots {
    /** A program ends within minutes by its time limit, so a longer wait than this is a fault of ours. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Semaphore free;

    /** @param atOnce programs at the same time */
    ProgramSlots(int atOnce) {
        free = new Semaphore(atOnce, true);
    }

    /** One slot for each core that this process may use. */
    static ProgramSlots ofCores() {
        return new ProgramSlots(Runtime.getRuntime().availableProcessors());
    }

    /** No slot was free before the deadline, or the wait was interrupted: our own failure. */
    static final class NoFreeSlot extends Exception {
        private static final long serialVersionUID = 1;

        NoFreeSlot(String why) {
            super(why);
        }
    }

    /** What runs in a slot. */
    interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Waits for a slot and does the work in it. */
    <T, E extends Exception> T take(Work<T, E> work) throws E, NoFreeSlot {
        try {
            if (!free.tryAcquire(LONGEST.toSeconds(), TimeUnit.SECONDS))
                throw new NoFreeSlot("no core was free for " + LONGEST.toMinutes() + " minutes");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NoFreeSlot("interrupted");
        }
        try {
            return work.run();
        } finally {
            free.release();
        }
    }
}
