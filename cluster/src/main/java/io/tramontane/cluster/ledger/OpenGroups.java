package io.tramontane.cluster.ledger;

import io.tramontane.cluster.ledger.OpenGroup.Place;
import io.tramontane.data.Group;
import io.tramontane.data.ScoredGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All groups that are neither trained nor dropped, with an index for every question of the ledger: none of them looks at all
 * groups. Only the ledger's thread touches it.
 */
final class OpenGroups {
    private final BatchSizes sizes;
    private final TreeMap<Long, OpenGroup> all = new TreeMap<>();
    private final Map<Place, Integer> counts = new EnumMap<>(Place.class);
    private final TreeSet<Long> returned = new TreeSet<>();
    private final TreeSet<Long> spilled = new TreeSet<>();
    private final TreeSet<OpenGroup> leased =
            new TreeSet<>(Comparator.<OpenGroup>comparingLong(g -> g.deadline).thenComparingLong(g -> g.id));
    private final Map<String, TreeSet<Long>> held = new HashMap<>();
    private final Map<Integer, StageGroups> stages = new HashMap<>();

    OpenGroups(BatchSizes sizes) {
        this.sizes = sizes;
    }

    /** A group that nobody holds. */
    void add(OpenGroup group) {
        all.put(group.id, group);
        enter(group);
    }

    /** Null for a group that has ended, or that nobody has heard of. */
    OpenGroup get(long id) {
        return all.get(id);
    }

    void remove(long id) {
        OpenGroup group = all.remove(id);
        if (group != null) leave(group);
    }

    /** In ascending order of their numbers. */
    Collection<OpenGroup> all() {
        return all.values();
    }

    int size() {
        return all.size();
    }

    int count(Place place) {
        return counts.getOrDefault(place, 0);
    }

    void lease(OpenGroup group, Holder to, Lease lease, long until) {
        leave(group);
        group.lease(to, lease.version(), lease.step(), until);
        enter(group);
    }

    /** Its holder has it for longer. */
    void renew(OpenGroup group, long until) {
        leave(group);
        group.deadline = until;
        enter(group);
    }

    /** Nobody holds it, and what was sampled of it is kept. */
    void spill(OpenGroup group, Spilled kept) {
        leave(group);
        group.spill(kept);
        enter(group);
    }

    void giveBack(OpenGroup group) {
        leave(group);
        group.giveBack();
        enter(group);
    }

    void deliver(OpenGroup group, Group delivered) {
        leave(group);
        group.deliver(delivered);
        enter(group);
    }

    void ready(OpenGroup group, ScoredGroup scored) {
        leave(group);
        group.ready(scored);
        enter(group);
    }

    private void enter(OpenGroup group) {
        counts.merge(group.place, 1, Integer::sum);
        if (group.place == Place.RETURNED) returned.add(group.id);
        if (group.place == Place.SPILLED) spilled.add(group.id);
        if (group.place == Place.LEASED) {
            leased.add(group);
            held.computeIfAbsent(group.holder.name(), name -> new TreeSet<>()).add(group.id);
        }
        if (group.scheduled()) stageOf(group).enter(group);
    }

    private void leave(OpenGroup group) {
        counts.merge(group.place, -1, Integer::sum);
        if (group.place == Place.RETURNED) returned.remove(group.id);
        if (group.place == Place.SPILLED) spilled.remove(group.id);
        if (group.place == Place.LEASED) {
            leased.remove(group);
            held.get(group.holder.name()).remove(group.id);
        }
        if (group.scheduled()) stageOf(group).leave(group);
    }

    private StageGroups stageOf(OpenGroup group) {
        return stage(sizes.stageOf(group.step));
    }

    /** Groups that have a place in the schedule of a stage. */
    StageGroups stage(int first) {
        return stages.computeIfAbsent(first, step -> new StageGroups());
    }

    /** Numbers of the groups that nobody holds, ascending. */
    NavigableSet<Long> returned() {
        return returned;
    }

    /** Numbers of the groups that nobody holds and of which something is kept, ascending. */
    NavigableSet<Long> spilled() {
        return spilled;
    }

    /** Leased groups whose deadline has passed. */
    List<OpenGroup> late(long now) {
        List<OpenGroup> late = new ArrayList<>();
        for (OpenGroup group : leased) {
            if (now < group.deadline) break;
            late.add(group);
        }
        late.sort(Comparator.comparingLong(g -> g.id));
        return late;
    }

    /** What a task holds, all its attempts, ascending. */
    List<OpenGroup> heldBy(String name) {
        return held.getOrDefault(name, new TreeSet<>()).stream().map(all::get).toList();
    }

    /** True if a task holds anything. */
    boolean holdsAny(String name) {
        return !held.getOrDefault(name, new TreeSet<>()).isEmpty();
    }
}
