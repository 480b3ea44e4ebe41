package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Finds tasks that are silent, and tasks whose compute thread hangs: it neither gets on nor takes CPU time, though it does not wait for
 * anything. A long computation takes CPU time and is left alone. Trainers count together, since they wait for each other in every
 * step. When the driver itself was away, all tasks get their time anew.
 */
final class HangWatch {
    /** Without heartbeats for so long a task is silent. */
    static final Duration SILENT = Duration.ofSeconds(12);

    /** Without progress and CPU time for so long a task hangs. */
    static final Duration HANGS = Duration.ofSeconds(15);

    private static final long LEAST_CPU_NANOS = 50_000_000;
    private static final Duration AWAY = Duration.ofSeconds(5);

    /** A thread that takes less of a core than this share only waits, asking now and then. */
    private static final double COMPUTES = 0.1;

    /**
     * A task that must be replaced.
     *
     * @param task its name
     * @param why in one line
     */
    public record Hang(String task, String why) {}

    private static final class Seen {
        final Holder holder;
        Messages.Doing doing;
        long beatAt;
        long movedAt;
        long cpuThen;

        Seen(Messages.Beat beat, long now) {
            holder = beat.holder();
            beatAt = now;
            moved(beat.doing(), now);
            doing = beat.doing();
        }

        /** True if the thread has computed since the heartbeat before. */
        boolean beat(Messages.Doing next, long now) {
            boolean busy = doing.cpuNanos() >= 0 && next.cpuNanos() - doing.cpuNanos() > COMPUTES * (now - beatAt);
            beatAt = now;
            boolean computed = next.cpuNanos() < 0 || next.cpuNanos() - cpuThen >= LEAST_CPU_NANOS;
            if (next.waits() || next.moved() != doing.moved() || computed) moved(next, now);
            doing = next;
            return busy;
        }

        private void moved(Messages.Doing next, long now) {
            movedAt = now;
            cpuThen = next.cpuNanos();
        }
    }

    private final LongSupplier nanos;
    private final Map<String, Seen> tasks = new TreeMap<>();
    private long checkedAt;
    private long computedAt;

    /** {@code nanos} is a clock such as {@link System#nanoTime}. */
    HangWatch(LongSupplier nanos) {
        this.nanos = nanos;
        this.checkedAt = nanos.getAsLong();
        this.computedAt = checkedAt;
    }

    /** A heartbeat came in. */
    synchronized void beat(Messages.Beat beat) {
        long now = nanos.getAsLong();
        Seen seen = tasks.get(beat.holder().name());
        if (seen == null || !seen.holder.equals(beat.holder()))
            tasks.put(beat.holder().name(), new Seen(beat, now));
        else if (seen.beat(beat.doing(), now) && !beat.holder().name().startsWith(TaskRegistry.VERIFIER))
            computedAt = now;
    }

    /** Time since a generator or trainer last computed anything. Verifiers report their progress group by group. */
    synchronized Duration sinceComputed() {
        return Duration.ofNanos(nanos.getAsLong() - computedAt);
    }

    /** A task has ended: its heartbeats are not missed. */
    synchronized void gone(String task) {
        tasks.remove(task);
    }

    /** The tasks that must be replaced; to be asked every second. */
    synchronized List<Hang> hung() {
        long now = nanos.getAsLong();
        boolean away = now - checkedAt > AWAY.toNanos();
        checkedAt = now;
        if (away) tasks.values().forEach(seen -> seen.beatAt = seen.movedAt = now);
        Map<String, Long> movedAt = new HashMap<>();
        tasks.forEach((task, seen) -> movedAt.merge(group(task), seen.movedAt, Math::max));
        List<Hang> hung = new ArrayList<>();
        tasks.forEach((task, seen) -> {
            if (now - seen.beatAt > SILENT.toNanos())
                hung.add(new Hang(task, task + " gives no heartbeat for " + seconds(now - seen.beatAt) + doing(seen)));
            else if (now - movedAt.get(group(task)) > HANGS.toNanos())
                hung.add(new Hang(
                        task,
                        task + " hangs: no progress and no CPU time for " + seconds(now - seen.movedAt) + doing(seen)));
        });
        return hung;
    }

    private static String group(String task) {
        return task.startsWith(TaskRegistry.TRAINER) ? TaskRegistry.TRAINER : task;
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000 + " s";
    }

    private static String doing(Seen seen) {
        return "; the last it said: " + seen.doing.text();
    }
}
