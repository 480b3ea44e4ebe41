package io.tramontane.model;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many cores the compute threads of this process use now. A thread that has more to do borrows a core that nobody needs, and
 * gives it back as soon as somebody does. Nobody waits for a core: for a moment there may be more threads than cores.
 */
public final class Cores {
    /** Cores of this process, where it may not use all of its machine. */
    public static final String PROPERTY = "tramontane.cores";

    private static final Cores OF_PROCESS =
            new Cores(Integer.getInteger(PROPERTY, Runtime.getRuntime().availableProcessors()));

    private final int count;
    private final AtomicInteger used = new AtomicInteger();

    /** So many that nobody uses yet. */
    public Cores(int count) {
        if (count < 1) throw new IllegalArgumentException(PROPERTY + " " + count + ", allowed >= 1");
        this.count = count;
    }

    /** Those of all roles in this process. */
    public static Cores ofProcess() {
        return OF_PROCESS;
    }

    /** A role's compute thread computes from now on, whether or not there is a core for it. */
    public void enter() {
        used.incrementAndGet();
    }

    /** The thread waits, or gives back what it has borrowed. */
    public void leave() {
        used.decrementAndGet();
    }

    /** Takes a core if there is one that nobody uses; to be given back with {@link #leave()}. */
    public boolean borrow() {
        int now = used.get();
        while (now < count) {
            if (used.compareAndSet(now, now + 1)) return true;
            now = used.get();
        }
        return false;
    }

    /** Whether more threads compute than there are cores: who has borrowed one gives it back. */
    public boolean crowded() {
        return used.get() > count;
    }
}
