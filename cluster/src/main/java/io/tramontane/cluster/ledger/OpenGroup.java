package io.tramontane.cluster.ledger;

import io.tramontane.data.Group;
import io.tramontane.data.ScoredGroup;

/** A group that is neither trained nor dropped, and where it is. Only the ledger's thread touches it. */
final class OpenGroup {
    /** Where a group can be. */
    enum Place {
        RETURNED,
        SPILLED,
        LEASED,
        DELIVERED,
        READY
    }

    final long id;
    Place place = Place.RETURNED;
    int version;
    int step;
    Holder holder;
    long deadline;
    Group group;
    ScoredGroup scored;
    Spilled spilled; // what the spill store has of it; null for nothing

    boolean everLeased;

    /** Of generators. */
    final Deaths deaths = new Deaths();

    /** A group that nobody has had yet. */
    OpenGroup(long id) {
        this.id = id;
    }

    /** A group that an earlier driver leased. */
    static OpenGroup returned(long id) {
        OpenGroup group = new OpenGroup(id);
        group.everLeased = true;
        return group;
    }

    /** True when it takes a place in the schedule. */
    boolean scheduled() {
        return place != Place.RETURNED;
    }

    /** What follows changes its place: only {@link OpenGroups} may call it. */
    void lease(Holder to, int atVersion, int forStep, long until) {
        place = Place.LEASED;
        step = forStep;
        everLeased = true;
        holder = to;
        version = atVersion;
        deadline = until;
    }

    void giveBack() {
        place = spilled == null ? Place.RETURNED : Place.SPILLED;
        holder = null;
    }

    /** What was sampled is kept: the group has its place in the schedule. */
    void spill(Spilled kept) {
        spilled = kept;
        place = Place.SPILLED;
        holder = null;
        everLeased = true;
        version = kept.lease().version();
        step = kept.lease().step();
    }

    Lease lease() {
        return new Lease(id, version, step);
    }

    void deliver(Group delivered) {
        place = Place.DELIVERED;
        holder = null;
        group = delivered;
    }

    void ready(ScoredGroup withRewards) {
        place = Place.READY;
        group = null;
        scored = withRewards;
    }
}
