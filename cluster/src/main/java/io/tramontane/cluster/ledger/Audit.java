package io.tramontane.cluster.ledger;

import io.tramontane.data.StoragePath;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * What the event file says about every group, counted without the running ledger.
 *
 * @param leased distinct groups that were ever leased
 * @param trained groups in exactly one batch
 * @param dropped groups by the reason for which they were dropped
 * @param inFlight groups that were neither trained nor dropped when the file ends
 * @param lost groups that the last start or stop of a driver should have named as unfinished but did not, and numbers
 *     that were skipped
 * @param twice groups that ended more than once
 */
public record Audit(
        long leased, long trained, Map<String, Long> dropped, long inFlight, List<Long> lost, List<Long> twice) {
    /** True when no group was lost and none ended twice. */
    public boolean exact() {
        return lost.isEmpty() && twice.isEmpty();
    }

    /** Counts the events of a file; one that was changed is bad input. */
    public static Audit of(StoragePath eventsFile) {
        Count count = new Count();
        EventReader.read(eventsFile, count::add);
        return count.audit();
    }

    /** The line that ends a run. */
    @Override
    public String toString() {
        String reasons = dropped.isEmpty()
                ? "0"
                : dropped.entrySet().stream()
                        .map(e -> e.getValue() + " (" + e.getKey() + ")")
                        .collect(Collectors.joining(" + "));
        return "ledger: " + leased + " groups leased = " + trained + " trained once + " + reasons + " dropped + "
                + inFlight + " in flight at the stop; lost " + lost.size() + ", twice " + twice.size();
    }

    /** Takes events in their order. Its memory is some bits a group, and what is in flight. */
    static final class Count {
        private static final int MOST_LOST = 100_000; // a damaged number must not fill the memory

        private final Roaring64Bitmap leased = new Roaring64Bitmap(); // Spark ships it
        private final Roaring64Bitmap ended = new Roaring64Bitmap();
        private final TreeSet<Long> open = new TreeSet<>();
        private final Map<String, Long> dropped = new TreeMap<>();
        private final TreeSet<Long> lost = new TreeSet<>();
        private final TreeSet<Long> twice = new TreeSet<>();
        private long trained;

        void add(LedgerEvent event) {
            if (event instanceof LedgerEvent.Leased e) lease(e.group());
            if (event instanceof LedgerEvent.Dropped e) {
                end(e.group());
                dropped.merge(e.reason(), 1L, Long::sum);
            }
            if (event instanceof LedgerEvent.Batched e) {
                e.groups().forEach(this::end);
                trained += e.groups().size();
            }
            if (event instanceof LedgerEvent.Opened e) compare(e.unfinished());
            if (event instanceof LedgerEvent.Stopped e) compare(e.inFlight());
        }

        private void lease(long group) {
            if (!leased.contains(group) && !ended.contains(group)) open.add(group);
            leased.add(group);
        }

        private void end(long group) {
            open.remove(group);
            if (ended.contains(group)) twice.add(group);
            ended.add(group);
        }

        /** A driver names its open groups when it starts and stops: both sides must know the same ones. */
        private void compare(List<Long> named) {
            TreeSet<Long> claimed = new TreeSet<>(named);
            for (long group : open) if (!claimed.contains(group)) lost.add(group);
            for (long group : claimed) if (!open.contains(group)) lost.add(group);
        }

        Audit audit() {
            long[] next = {0};
            leased.forEach(group -> {
                for (; next[0] < group && lost.size() < MOST_LOST; next[0]++) lost.add(next[0]);
                next[0] = group + 1;
            });
            ended.forEach(group -> {
                if (!leased.contains(group)) lost.add(group);
            });
            return new Audit(
                    leased.getLongCardinality(),
                    trained,
                    Map.copyOf(dropped),
                    open.size(),
                    List.copyOf(lost),
                    List.copyOf(twice));
        }
    }
}
