package io.tramontane.cluster.ledger;

import io.tramontane.data.StoragePath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    /** Counts the events of a file. */
    public static Audit of(StoragePath eventsFile) {
        Count count = new Count();
        for (LedgerEvent event : EventLog.read(eventsFile)) count.add(event);
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

    private static final class Count {
        private final TreeSet<Long> leased = new TreeSet<>();
        private final Map<Long, Integer> ends = new HashMap<>();
        private final Map<String, Long> dropped = new TreeMap<>();
        private final TreeSet<Long> lost = new TreeSet<>();
        private long trained;

        void add(LedgerEvent event) {
            if (event instanceof LedgerEvent.Leased e) leased.add(e.group());
            if (event instanceof LedgerEvent.Dropped e) {
                ends.merge(e.group(), 1, Integer::sum);
                dropped.merge(e.reason(), 1L, Long::sum);
            }
            if (event instanceof LedgerEvent.Batched e) {
                for (long group : e.groups()) ends.merge(group, 1, Integer::sum);
                trained += e.groups().size();
            }
            if (event instanceof LedgerEvent.Opened e) compare(e.unfinished());
            if (event instanceof LedgerEvent.Stopped e) compare(e.inFlight());
        }

        /** A driver names its open groups when it starts and stops: both sides must know the same ones. */
        private void compare(List<Long> named) {
            TreeSet<Long> open = open();
            TreeSet<Long> claimed = new TreeSet<>(named);
            for (long group : open) if (!claimed.contains(group)) lost.add(group);
            for (long group : claimed) if (!open.contains(group)) lost.add(group);
        }

        private TreeSet<Long> open() {
            TreeSet<Long> open = new TreeSet<>(leased);
            open.removeAll(ends.keySet());
            return open;
        }

        Audit audit() {
            if (!leased.isEmpty())
                for (long group = 0; group < leased.last(); group++) if (!leased.contains(group)) lost.add(group);
            for (long group : ends.keySet()) if (!leased.contains(group)) lost.add(group);
            List<Long> twice = ends.entrySet().stream()
                    .filter(e -> e.getValue() > 1)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            return new Audit(leased.size(), trained, Map.copyOf(dropped), open().size(), List.copyOf(lost), twice);
        }
    }
}
