package io.tramontane.cluster.ledger;

import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups that wait for a verifier or are with one. Only the ledger's thread touches it. */
final class ScoringQueue {
    private static final class Entry {
        final Group group;
        Holder holder;
        long deadline;

        Entry(Group group) {
            this.group = group;
        }
    }

    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    void add(Group group) {
        entries.putIfAbsent(group.id(), new Entry(group));
    }

    /** Up to {@code max} groups of a kind, oldest first, that nobody holds (any more). */
    List<Group> take(Holder verifier, Problem.Kind kind, int max, long now, long deadline) {
        List<Group> taken = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (taken.size() == max) break;
            boolean free = entry.holder == null || now >= entry.deadline;
            if (!free || entry.group.problem().kind() != kind) continue;
            entry.holder = verifier;
            entry.deadline = deadline;
            taken.add(entry.group);
        }
        return taken;
    }

    /** A verifier keeps those of these groups that it still holds, until a new deadline; false when it holds none. */
    boolean renew(Holder verifier, List<Long> groups, long now, long deadline) {
        boolean renewed = false;
        for (long id : groups) {
            Entry entry = entries.get(id);
            if (entry == null || !verifier.equals(entry.holder) || now >= entry.deadline) continue;
            entry.deadline = deadline;
            renewed = true;
        }
        return renewed;
    }

    /** Frees what earlier attempts of this verifier hold. */
    void release(Holder restarted) {
        for (Entry entry : entries.values())
            if (entry.holder != null
                    && entry.holder.name().equals(restarted.name())
                    && entry.holder.attempt() < restarted.attempt()) entry.holder = null;
    }

    /** Removes and returns a group; null when it is not here (rewards that come twice). */
    Group remove(long id) {
        Entry entry = entries.remove(id);
        return entry == null ? null : entry.group;
    }

    int size() {
        return entries.size();
    }
}
