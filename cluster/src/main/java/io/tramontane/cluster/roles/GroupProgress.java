package io.tramontane.cluster.roles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The groups that have made progress since the last question, and those whose programs may still run without any. */
final class GroupProgress {
    private final LongSupplier nanos;
    private final long patience;
    private final Set<Long> groups = new LinkedHashSet<>();
    private final Map<Long, Long> programs = new HashMap<>(); // under way, with the time of the last progress

    /**
     * None yet.
     *
     * @param nanos a clock such as {@link System#nanoTime}
     * @param patience a single program may run for so long
     */
    GroupProgress(LongSupplier nanos, Duration patience) {
        this.nanos = nanos;
        this.patience = patience.toNanos();
    }

    /** A group of programs begins. */
    synchronized void begin(long group) {
        programs.put(group, nanos.getAsLong());
    }

    /** A group of programs has ended, or failed. */
    synchronized void end(long group) {
        programs.remove(group);
    }

    synchronized void note(long group) {
        groups.add(group);
        programs.computeIfPresent(group, (id, then) -> nanos.getAsLong());
    }

    /** What {@link #take()} says after a wait; nothing when the thread is interrupted. */
    List<Long> take(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        return take();
    }

    /** Those that are not lost, each once. */
    synchronized List<Long> take() {
        long now = nanos.getAsLong();
        programs.forEach((group, then) -> {
            if (now - then < patience) groups.add(group);
        });
        List<Long> taken = new ArrayList<>(groups);
        groups.clear();
        return taken;
    }
}
