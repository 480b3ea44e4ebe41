package io.tramontane.cluster.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The groups of one stage that are leased, delivered or ready, counted by lease version. */
final class StageGroups {
    private final TreeMap<Integer, Integer> scheduled = new TreeMap<>();
    private final TreeMap<Integer, TreeSet<Long>> ready = new TreeMap<>();
    private int readyCount;

    void enter(OpenGroup group) {
        scheduled.merge(group.version, 1, Integer::sum);
        if (group.place != OpenGroup.Place.READY) return;
        ready.computeIfAbsent(group.version, version -> new TreeSet<>()).add(group.id);
        readyCount++;
    }

    void leave(OpenGroup group) {
        scheduled.computeIfPresent(group.version, (version, count) -> count == 1 ? null : count - 1);
        if (group.place != OpenGroup.Place.READY) return;
        ready.computeIfPresent(group.version, (version, ids) -> ids.remove(group.id) && ids.isEmpty() ? null : ids);
        readyCount--;
    }

    /** So many groups by lease version, and one more of {@code version}. */
    TreeMap<Integer, Integer> with(int version) {
        TreeMap<Integer, Integer> counts = new TreeMap<>(scheduled);
        counts.merge(version, 1, Integer::sum);
        return counts;
    }

    boolean hasReady(int count) {
        return readyCount >= count;
    }

    /** So many groups by lease version without the {@code count} ready ones that are due first. */
    TreeMap<Integer, Integer> withoutFirst(int count) {
        TreeMap<Integer, Integer> others = new TreeMap<>(scheduled);
        int left = count;
        for (Map.Entry<Integer, TreeSet<Long>> ids : ready.entrySet()) {
            int taken = Math.min(left, ids.getValue().size());
            others.computeIfPresent(ids.getKey(), (version, n) -> n == taken ? null : n - taken);
            left -= taken;
            if (left == 0) break;
        }
        return others;
    }

    /** The ready groups that are due first, of one version by their numbers. */
    List<Long> firstReady(int count) {
        List<Long> first = new ArrayList<>();
        for (TreeSet<Long> ids : ready.values())
            for (long id : ids) {
                if (first.size() == count) return first;
                first.add(id);
            }
        return first;
    }
}
