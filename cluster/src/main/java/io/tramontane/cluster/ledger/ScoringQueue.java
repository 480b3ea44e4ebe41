package io.tramontane.cluster.ledger;

import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Groups that wait for a verifier or are with one. A verifier that dies makes all that it holds suspect: a suspect is handed
 * out alone, so that the next death accuses only the one that caused it. Only the ledger's thread touches it.
 */
final class ScoringQueue {
    private static final class Entry {
        final Group group;
        final long order;
        Holder holder;
        long deadline;
        final Deaths deaths = new Deaths();

        Entry(Group group, long order) {
            this.group = group;
            this.order = order;
        }
    }

    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<Problem.Kind, TreeMap<Long, Entry>> free = new EnumMap<>(Problem.Kind.class);
    private final TreeMap<Long, Entry> suspects = new TreeMap<>();
    private final TreeSet<Entry> held =
            new TreeSet<>(Comparator.<Entry>comparingLong(e -> e.deadline).thenComparingLong(e -> e.order));
    private long nextOrder;

    ScoringQueue() {
        for (Problem.Kind kind : Problem.Kind.values()) free.put(kind, new TreeMap<>());
    }

    void add(Group group) {
        if (entries.containsKey(group.id())) return;
        Entry entry = new Entry(group, nextOrder++);
        entries.put(group.id(), entry);
        release(entry);
    }

    private void release(Entry entry) {
        entry.holder = null;
        waiting(entry).put(entry.order, entry);
    }

    private static boolean isSuspect(Entry entry) {
        return entry.deaths.all() > 0;
    }

    private TreeMap<Long, Entry> waiting(Entry entry) {
        return isSuspect(entry) ? suspects : free.get(entry.group.problem().kind());
    }

    /**
     * Up to {@code max} groups of a kind, oldest first, that nobody holds (any more). While there are suspects, verifiers get
     * nothing else: each gives back what it has and takes a suspect alone.
     */
    List<Group> take(Holder verifier, Problem.Kind kind, int max, long now, long deadline) {
        expire(now);
        List<Entry> mine = held.stream().filter(e -> e.holder.equals(verifier)).toList();
        if (mine.stream().anyMatch(ScoringQueue::isSuspect)) return List.of();
        List<Entry> taken;
        if (suspects.isEmpty())
            taken = free.get(kind).values().stream().limit(max).toList();
        else if (mine.isEmpty() && max > 0) taken = firstSuspect(kind).stream().toList();
        else taken = List.of();
        for (Entry entry : taken) {
            waiting(entry).remove(entry.order);
            entry.holder = verifier;
            entry.deadline = deadline;
            held.add(entry);
        }
        return taken.stream().map(e -> e.group).toList();
    }

    private Optional<Entry> firstSuspect(Problem.Kind kind) {
        return suspects.values().stream()
                .filter(e -> e.group.problem().kind() == kind)
                .findFirst();
    }

    private void expire(long now) {
        while (!held.isEmpty() && now >= held.first().deadline) release(held.pollFirst());
    }

    /** A verifier keeps those of these groups that it still holds, until a new deadline; false when it holds none. */
    boolean renew(Holder verifier, List<Long> groups, long now, long deadline) {
        boolean renewed = false;
        for (long id : groups) {
            Entry entry = entries.get(id);
            if (entry == null || !verifier.equals(entry.holder) || now >= entry.deadline) continue;
            held.remove(entry);
            entry.deadline = deadline;
            held.add(entry);
            renewed = true;
        }
        return renewed;
    }

    /** Frees what earlier attempts of this verifier hold; returns the group that has proved to be what kills verifiers. */
    Optional<Group> died(Holder restarted, long now) {
        expire(now);
        List<Entry> lost = new ArrayList<>();
        for (Entry entry : held)
            if (entry.holder.name().equals(restarted.name()) && entry.holder.attempt() < restarted.attempt())
                lost.add(entry);
        for (Entry entry : lost) {
            held.remove(entry);
            entry.deaths.count(lost.size() == 1);
            release(entry);
        }
        return lost.size() == 1 && lost.get(0).deaths.prove() ? Optional.of(lost.get(0).group) : Optional.empty();
    }

    /** True while what one verifier does may change what another one gets. */
    boolean hasSuspects() {
        return !suspects.isEmpty() || held.stream().anyMatch(ScoringQueue::isSuspect);
    }

    /** A group that waits or is with a verifier; null when it is not here (rewards that come twice). */
    Group get(long id) {
        Entry entry = entries.get(id);
        return entry == null ? null : entry.group;
    }

    void remove(long id) {
        Entry entry = entries.remove(id);
        if (entry == null) return;
        if (entry.holder != null) held.remove(entry);
        else waiting(entry).remove(entry.order);
    }

    int size() {
        return entries.size();
    }
}
