package io.tramontane.cluster.ledger;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Which groups a generator gets. Only the ledger's thread touches it. */
final class Leasing {
    private static final int SUSPECT_AFTER = 3; // deaths of a generator, which holds many groups at once

    private final LedgerConfig config;
    private final Admission admission;
    private final EventLog log;
    private final OpenGroups open;
    private final Waves waves;
    private long nextGroup;

    /** Goes on after what earlier drivers leased: what they left unfinished is open again. */
    Leasing(LedgerConfig config, EventLog log, OpenGroups open, Waves waves, History history) {
        this.config = config;
        this.admission = new Admission(config.sizes(), config.maxLag());
        this.log = log;
        this.open = open;
        this.waves = waves;
        this.nextGroup = history.nextGroup();
        TreeMap<Long, OpenGroup> groups = new TreeMap<>();
        for (long id : history.unfinished()) groups.put(id, OpenGroup.returned(id));
        for (List<Long> wave : history.waves())
            for (long id : wave) if (id >= nextGroup) groups.put(id, new OpenGroup(id));
        groups.values().forEach(open::add);
        if (!groups.isEmpty()) nextGroup = Math.max(nextGroup, groups.lastKey() + 1);
    }

    /**
     * What a lease depends on.
     *
     * @param version no token may be older
     * @param max most groups; without lag a whole set is leased whatever it says
     * @param batches taken so far
     */
    record Terms(int version, int max, int batches) {}

    List<Lease> lease(long now, Holder generator, Terms terms) {
        return config.maxLag() == 0 ? leaseWave(now, generator, terms) : leaseNext(now, generator, terms);
    }

    /** A generator gets a set only while it holds nothing of another: what it samples at a time is then the same always. */
    private List<Lease> leaseWave(long now, Holder generator, Terms terms) {
        int from = terms.version();
        if (from != terms.batches() || open.holdsAny(generator.name())) return List.of();
        formWaves(now, terms);
        for (List<Long> wave : waves.all()) {
            if (wave.stream().anyMatch(id -> isAt(id, OpenGroup.Place.LEASED))) continue;
            List<Lease> returned = wave.stream()
                    .filter(id -> isAt(id, OpenGroup.Place.RETURNED))
                    .map(id -> new Lease(id, from, from + 1))
                    .toList();
            if (returned.isEmpty()) continue;
            leaseAll(now, generator, returned);
            return wave.stream().map(id -> new Lease(id, from, from + 1)).toList();
        }
        return List.of();
    }

    /** All of them, or none when the ledger cannot be written. */
    private void leaseAll(long now, Holder generator, List<Lease> leases) {
        List<OpenGroup> done = new ArrayList<>();
        try {
            for (Lease lease : leases) {
                lease(now, open.get(lease.group()), generator, lease);
                done.add(open.get(lease.group()));
            }
        } catch (UncheckedIOException e) {
            done.forEach(open::giveBack);
            throw e;
        }
    }

    private boolean isAt(long id, OpenGroup.Place place) {
        OpenGroup group = open.get(id);
        return group != null && group.place == place;
    }

    /** When everything that was formed has ended and the batch still lacks groups, there are new ones. */
    private void formWaves(long now, Terms terms) {
        List<Long> strays = open.all().stream()
                .map(g -> g.id)
                .filter(id -> !waves.contains(id))
                .toList();
        if (!strays.isEmpty()) { // from a time when this run had a lag
            log.append(new LedgerEvent.Formed(now, List.of(strays)));
            waves.add(strays);
        }
        int missing = config.sizes().at(terms.batches() + 1) - open.count(OpenGroup.Place.READY);
        if (missing <= 0 || open.size() > open.count(OpenGroup.Place.READY)) return;
        waves.keep(id -> open.get(id) != null);
        List<List<Long>> formed = waves.cut(nextGroup, missing);
        log.append(new LedgerEvent.Formed(now, formed));
        formed.forEach(waves::add);
        for (; missing > 0; missing--) open.add(new OpenGroup(nextGroup++));
    }

    private List<Lease> leaseNext(long now, Holder generator, Terms terms) {
        List<Lease> leases = new ArrayList<>();
        try {
            leaseSpilled(now, generator, terms, leases);
            while (leases.size() < terms.max()) {
                OptionalInt step = admits(terms);
                if (step.isEmpty()) break;
                Optional<OpenGroup> group = nextToLease(generator);
                if (group.isEmpty()) break;
                Lease lease = new Lease(group.get().id, terms.version(), step.getAsInt());
                lease(now, group.get(), generator, lease);
                leases.add(lease);
            }
            return leases;
        } catch (UncheckedIOException e) {
            leases.forEach(lease -> open.giveBack(open.get(lease.group())));
            throw e;
        }
    }

    /** They have their places in the schedule. Older weights than those that sampled them must not go on. */
    private void leaseSpilled(long now, Holder generator, Terms terms, List<Lease> leases) {
        for (long id : List.copyOf(open.spilled())) {
            if (leases.size() == terms.max()) return;
            OpenGroup group = open.get(id);
            if (group.spilled.newest() > terms.version() || !mayHave(generator, group)) continue;
            Lease lease = group.lease();
            lease(now, group, generator, lease);
            leases.add(lease);
        }
    }

    /** A group that is suspect is leased alone. */
    private boolean mayHave(Holder generator, OpenGroup group) {
        List<OpenGroup> held = open.heldBy(generator.name());
        return held.isEmpty() || !isSuspect(group) && held.stream().noneMatch(this::isSuspect);
    }

    private void lease(long now, OpenGroup group, Holder generator, Lease lease) {
        log.append(new LedgerEvent.Leased(now, group.id, generator.toString(), lease.version()));
        open.lease(group, generator, lease, now + config.lease().toMillis());
    }

    /** Returned groups come first. One that is suspect is leased alone: none while this generator holds anything else. */
    private Optional<OpenGroup> nextToLease(Holder generator) {
        List<OpenGroup> held = open.heldBy(generator.name());
        if (held.stream().anyMatch(this::isSuspect)) return Optional.empty();
        for (long id : open.returned())
            if (!isSuspect(open.get(id)) || held.isEmpty()) return Optional.of(open.get(id));
        OpenGroup group = new OpenGroup(nextGroup++);
        open.add(group);
        return Optional.of(group);
    }

    private boolean isSuspect(OpenGroup group) {
        return group.deaths.all() >= SUSPECT_AFTER;
    }

    /**
     * The step that a group may be leased for at this version; none while all places are taken. The stage under way comes
     * first: only when groups for all of its batches are there does the next one begin.
     */
    private OptionalInt admits(Terms terms) {
        for (int stage : config.sizes().stages(terms.batches() + 1, admission.due(terms.version()))) {
            if (admission.holds(stage, open.stage(stage).with(terms.version()), terms.batches()))
                return OptionalInt.of(Math.max(stage, terms.version() + 1));
        }
        return OptionalInt.empty();
    }
}
