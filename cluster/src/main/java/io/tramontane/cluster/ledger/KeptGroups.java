package io.tramontane.cluster.ledger;

import io.tramontane.data.Group;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Groups of which something is kept when their holder ends, or the run. Only the ledger's thread touches it. */
final class KeptGroups {
    private final LedgerConfig config;
    private final Admission admission;
    private final EventLog log;
    private final OpenGroups open;
    private SpillStore store = SpillStore.NONE;

    /** Nothing was kept so far. */
    KeptGroups(LedgerConfig config, EventLog log, OpenGroups open) {
        this.config = config;
        this.admission = new Admission(config.sizes(), config.maxLag());
        this.log = log;
        this.open = open;
    }

    /**
     * Groups of which earlier drivers kept what was sampled have their places in the schedule again. One that can no longer
     * be in time is sampled from its start.
     */
    void restore(SpillStore earlier, int batches) {
        store = earlier;
        List<Spilled> all = earlier.all().stream()
                .sorted(Comparator.<Spilled>comparingInt(s -> s.lease().version())
                        .thenComparingLong(s -> s.lease().group()))
                .toList();
        for (Spilled each : all) {
            OpenGroup group = open.get(each.lease().group());
            if (group != null && config.maxLag() > 0 && inTime(each.lease(), batches)) open.spill(group, each);
            else store.delete(each.lease().group());
        }
    }

    private boolean inTime(Lease lease, int batches) {
        int stage = config.sizes().stageOf(lease.step());
        return admission.holds(stage, open.stage(stage).with(lease.version()), batches);
    }

    /** The lease that a generator has of a group. */
    Optional<Lease> leaseOf(Holder generator, long id) {
        return Optional.ofNullable(open.get(id))
                .filter(g -> g.place == OpenGroup.Place.LEASED && g.holder.equals(generator))
                .map(OpenGroup::lease);
    }

    /** A generator gives a group back, and what it has sampled is kept. False when it does not hold the group (any more). */
    boolean handBack(long now, Holder generator, Spilled kept) {
        if (leaseOf(generator, kept.lease().group()).isEmpty()) return false;
        OpenGroup group = open.get(kept.lease().group());
        log.append(new LedgerEvent.GivenBack(now, group.id, generator + " ends, what it has sampled is kept"));
        open.spill(group, kept);
        return true;
    }

    /** Groups that are sampled to their end, and neither trained nor dropped. */
    Map<Lease, Group> sampled() {
        Map<Lease, Group> sampled = new LinkedHashMap<>();
        for (OpenGroup group : open.all())
            if (group.group != null) sampled.put(group.lease(), group.group);
            else if (group.scored != null) sampled.put(group.lease(), group.scored.group());
        return sampled;
    }

    /** What is kept of a group is of no use. */
    void discard(OpenGroup group) {
        group.spilled = null;
        store.delete(group.id);
    }

    /** A group has ended. */
    void delete(long id) {
        store.delete(id);
    }
}
