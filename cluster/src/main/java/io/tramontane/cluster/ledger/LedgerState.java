package io.tramontane.cluster.ledger;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All rules of the ledger, for one thread; the caller says what time it is. An event is written before what it says
 * takes effect outside.
 */
final class LedgerState {
    private final LedgerConfig config;
    private final Admission admission;
    private final EventLog log;
    private final BatchStore store;
    private final LedgerListener listener;
    private final TreeMap<Long, OpenGroup> open = new TreeMap<>();
    private final ScoringQueue scoring = new ScoringQueue();
    private final Map<Integer, String> recorded;
    private final Waves waves;
    private SpillStore spills = SpillStore.NONE;
    private long nextGroup;
    private int published;
    private long progressAt;

    LedgerState(LedgerConfig config, EventLog log, BatchStore store, LedgerListener listener, History history) {
        this.config = config;
        this.admission = new Admission(config.sizes(), config.maxLag());
        this.log = log;
        this.store = store;
        this.listener = listener;
        this.recorded = new TreeMap<>(history.batches());
        this.nextGroup = history.nextGroup();
        for (long id : history.unfinished()) open.put(id, OpenGroup.returned(id));
        for (List<Long> wave : history.waves())
            for (long id : wave) if (id >= nextGroup) open.put(id, new OpenGroup(id));
        if (!open.isEmpty()) nextGroup = Math.max(nextGroup, open.lastKey() + 1);
        this.waves = new Waves(config.generators(), history.waves());
    }

    /**
     * Groups of which earlier drivers kept what was sampled have their places in the schedule again. One that can no longer
     * be in time is sampled from its start. Call before {@link #open}.
     */
    void restore(SpillStore store) {
        spills = store;
        for (Spilled each : store.all().stream()
                .sorted(Comparator.<Spilled>comparingInt(s -> s.lease().version())
                        .thenComparingLong(s -> s.lease().group()))
                .toList()) {
            OpenGroup group = open.get(each.lease().group());
            if (group != null && config.maxLag() > 0 && inTime(each.lease())) group.spill(each);
            else spills.delete(each.lease().group());
        }
    }

    private boolean inTime(Lease lease) {
        int stage = config.sizes().stageOf(lease.step());
        return admission.holds(
                stage,
                Stream.concat(versions(ofStage(stage)), Stream.of(lease.version()))
                        .toList(),
                batches());
    }

    /** A driver starts with the policy at {@code version}; call once, first. */
    void open(long now, int version) {
        if (version > batches())
            throw new IllegalStateException("checkpoint of step " + version + " but the ledger has only " + batches()
                    + " batches: they do not belong together");
        log.append(new LedgerEvent.Opened(now, version, everLeased()));
        published = version;
        progressAt = now;
    }

    /**
     * Up to {@code max} groups for a generator whose weights have {@code version}: returned ones first, then new ones.
     * Without lag it is a whole set of groups instead, which must be sampled together.
     */
    List<Lease> lease(long now, Holder generator, int version, int max) {
        expireLeases(now);
        int from = Math.min(version, published);
        return config.maxLag() == 0 ? leaseWave(now, generator, from) : leaseNext(now, generator, from, max);
    }

    private List<Lease> leaseWave(long now, Holder generator, int from) {
        if (from != batches()) return List.of();
        formWaves(now);
        for (List<Long> wave : waves.all()) {
            if (wave.stream().anyMatch(id -> isAt(id, OpenGroup.Place.LEASED))) continue;
            List<Long> returned = wave.stream()
                    .filter(id -> isAt(id, OpenGroup.Place.RETURNED))
                    .toList();
            if (returned.isEmpty()) continue;
            int step = from + 1;
            for (long id : returned) lease(now, open.get(id), generator, new Lease(id, from, step));
            return wave.stream().map(id -> new Lease(id, from, step)).toList();
        }
        return List.of();
    }

    private boolean isAt(long id, OpenGroup.Place place) {
        OpenGroup group = open.get(id);
        return group != null && group.place == place;
    }

    /** When everything that was formed has ended and the batch still lacks groups, there are new ones. */
    private void formWaves(long now) {
        List<Long> strays =
                open.keySet().stream().filter(id -> !waves.contains(id)).toList();
        if (!strays.isEmpty()) { // from a time when this run had a lag
            log.append(new LedgerEvent.Formed(now, List.of(strays)));
            waves.add(strays);
        }
        int missing = groupsWanted() - ready();
        if (missing <= 0 || open.values().stream().anyMatch(g -> g.place != OpenGroup.Place.READY)) return;
        List<List<Long>> formed = waves.form(nextGroup, missing);
        log.append(new LedgerEvent.Formed(now, formed));
        for (; missing > 0; missing--) open.put(nextGroup, new OpenGroup(nextGroup++));
    }

    private List<Lease> leaseNext(long now, Holder generator, int from, int max) {
        List<Lease> leases = leaseSpilled(now, generator, from, max);
        while (leases.size() < max) {
            OptionalInt step = admits(from);
            if (step.isEmpty()) break;
            OpenGroup group = nextToLease();
            Lease lease = new Lease(group.id, from, step.getAsInt());
            lease(now, group, generator, lease);
            leases.add(lease);
        }
        return leases;
    }

    /** They have their places in the schedule. Older weights than those that sampled them must not go on. */
    private List<Lease> leaseSpilled(long now, Holder generator, int from, int max) {
        List<Lease> leases = new ArrayList<>();
        for (OpenGroup group : open.values()) {
            if (leases.size() == max) break;
            if (group.place != OpenGroup.Place.SPILLED || group.spilled.newest() > from) continue;
            lease(now, group, generator, group.lease());
            leases.add(group.lease());
        }
        return leases;
    }

    private void lease(long now, OpenGroup group, Holder generator, Lease lease) {
        log.append(new LedgerEvent.Leased(now, group.id, generator.toString(), lease.version()));
        group.lease(
                generator, lease.version(), lease.step(), now + config.lease().toMillis());
    }

    private OpenGroup nextToLease() {
        Optional<OpenGroup> returned =
                open.values().stream().filter(g -> !g.scheduled()).findFirst();
        return returned.orElseGet(() -> {
            OpenGroup group = new OpenGroup(nextGroup++);
            open.put(group.id, group);
            return group;
        });
    }

    /**
     * The step that a group may be leased for at this version; none while all places are taken. The stage under way comes
     * first: only when groups for all of its batches are there does the next one begin.
     */
    private OptionalInt admits(int version) {
        for (int stage : config.sizes().stages(batches() + 1, admission.due(version))) {
            List<Integer> versions =
                    Stream.concat(versions(ofStage(stage)), Stream.of(version)).toList();
            if (admission.holds(stage, versions, batches())) return OptionalInt.of(Math.max(stage, version + 1));
        }
        return OptionalInt.empty();
    }

    private static Stream<Integer> versions(Stream<OpenGroup> groups) {
        return groups.map(g -> g.version);
    }

    private Stream<OpenGroup> ofStage(int stage) {
        return scheduled().filter(g -> config.sizes().stageOf(g.step) == stage);
    }

    /** Groups in the next batch. */
    private int groupsWanted() {
        return config.sizes().at(batches() + 1);
    }

    private Stream<OpenGroup> scheduled() {
        return open.values().stream().filter(OpenGroup::scheduled);
    }

    /** A task started (again): what its earlier attempts hold is free. */
    void register(long now, Holder holder) {
        for (OpenGroup group : open.values())
            if (group.place == OpenGroup.Place.LEASED
                    && group.holder.name().equals(holder.name())
                    && group.holder.attempt() < holder.attempt()) giveBack(now, group, group.holder + " started again");
        scoring.release(holder);
    }

    private void expireLeases(long now) {
        for (OpenGroup group : open.values())
            if (group.place == OpenGroup.Place.LEASED && now >= group.deadline)
                giveBack(now, group, group.holder + " is late");
    }

    private void giveBack(long now, OpenGroup group, String reason) {
        log.append(new LedgerEvent.GivenBack(now, group.id, reason));
        group.giveBack();
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
        group.spill(kept);
        return true;
    }

    /** Groups that are sampled to their end, and neither trained nor dropped. */
    Map<Lease, Group> sampled() {
        Map<Lease, Group> sampled = new LinkedHashMap<>();
        for (OpenGroup group : open.values())
            if (group.group != null) sampled.put(group.lease(), group.group);
            else if (group.scored != null) sampled.put(group.lease(), group.scored.group());
        return sampled;
    }

    /** A finished group comes in. False when nobody waits for it from this holder: it came late, or twice. */
    boolean deliver(long now, Holder generator, Group group) {
        OpenGroup known = open.get(group.id());
        if (known == null || known.place != OpenGroup.Place.LEASED || !known.holder.equals(generator)) return false;
        int oldest = group.completions().stream()
                .filter(c -> c.length() > 0)
                .mapToInt(Completion::oldestVersion)
                .min()
                .orElse(known.version);
        if (oldest < known.version) {
            known.spilled = null;
            spills.delete(known.id);
            giveBack(now, known, "sampled by version " + oldest + ", leased for " + known.version);
            return false;
        }
        log.append(
                new LedgerEvent.Delivered(now, group.id(), group.completions().size(), group.completionTokens()));
        known.deliver(group);
        scoring.add(group);
        return true;
    }

    /** An evaluation group comes in; it has a negative id and no place in the schedule. */
    void deliverEvaluation(Group group) {
        if (group.id() >= 0) throw new IllegalArgumentException("evaluation group " + group.id() + ", allowed < 0");
        scoring.add(group);
    }

    /** Up to {@code max} groups of one kind for a verifier. */
    List<Group> takeForScoring(long now, Holder verifier, Problem.Kind kind, int max) {
        return scoring.take(verifier, kind, max, now, now + config.verify().toMillis());
    }

    /** A verifier has made progress with groups. Those that it has lost meanwhile do not count. */
    void working(long now, Holder verifier, List<Long> groups) {
        if (scoring.renew(verifier, groups, now, now + config.verify().toMillis())) progressAt = now;
    }

    /** Rewards come in, aligned with the group's completions. Rewards that come twice are ignored. */
    void rewards(long now, long id, List<RewardBreakdown> rewards) {
        Group group = scoring.remove(id);
        if (group == null) return;
        if (rewards.size() != group.completions().size()) {
            scoring.add(group);
            throw new IllegalArgumentException("group " + id + ": " + rewards.size() + " rewards for "
                    + group.completions().size() + " completions");
        }
        if (id < 0) {
            progressAt = now;
            listener.evaluated(group, rewards);
        } else {
            admit(now, group, rewards);
        }
    }

    private void admit(long now, Group group, List<RewardBreakdown> rewards) {
        listener.judged(group, rewards);
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> scores = new ArrayList<>();
        for (int i = 0; i < rewards.size(); i++) {
            if (rewards.get(i).reward().isEmpty()) continue;
            completions.add(group.completions().get(i));
            scores.add(rewards.get(i));
        }
        if (scores.size() < 2) {
            drop(now, group.id(), "unscored");
            return;
        }
        progressAt = now;
        ScoredGroup scored =
                new ScoredGroup(new Group(group.id(), group.problem(), group.promptTokens(), completions), scores);
        listener.scored(scored, !scored.isZeroSignal());
        if (scored.isZeroSignal()) drop(now, group.id(), "zero signal");
        else open.get(group.id()).ready(scored);
    }

    private void drop(long now, long id, String reason) {
        log.append(new LedgerEvent.Dropped(now, id, reason));
        open.remove(id);
        spills.delete(id);
    }

    /** The batch of a step: the recorded one if there is one, else a new one if the rules allow it now. */
    Optional<Batch> takeBatch(long now, int step) {
        if (step < 1 || step > batches() + 1)
            throw new IllegalArgumentException("batch of step " + step + " asked for, allowed 1 to " + (batches() + 1));
        try {
            if (recorded.containsKey(step)) return Optional.of(store.read(step, recorded.get(step)));
            List<OpenGroup> chosen = choose();
            if (chosen.isEmpty()) return Optional.empty();
            Batch batch = new Batch(
                    step,
                    chosen.stream()
                            .sorted(Comparator.comparingLong(g -> g.id))
                            .map(g -> g.scored)
                            .toList());
            String digest = store.write(batch);
            List<Long> ids = batch.groups().stream().map(g -> g.group().id()).toList();
            log.append(new LedgerEvent.Batched(now, step, ids, digest));
            recorded.put(step, digest);
            ids.forEach(open::remove);
            ids.forEach(spills::delete);
            waves.clear();
            progressAt = now;
            listener.taken(batch);
            return Optional.of(batch);
        } catch (IOException e) {
            throw new UncheckedIOException("batch of step " + step, e);
        }
    }

    /** The ready groups that are due first, if the others can still be in time without them; else nothing. */
    private List<OpenGroup> choose() {
        int stage = config.sizes().stageOf(batches() + 1);
        List<OpenGroup> chosen = ofStage(stage)
                .filter(g -> g.place == OpenGroup.Place.READY)
                .sorted(Comparator.<OpenGroup>comparingInt(g -> g.version).thenComparingLong(g -> g.id))
                .limit(groupsWanted())
                .toList();
        if (chosen.size() < groupsWanted()) return List.of();
        List<Integer> others =
                versions(ofStage(stage).filter(g -> !chosen.contains(g))).toList();
        return admission.holds(stage, others, batches() + 1) ? chosen : List.of();
    }

    /** The step that groups were leased for; 0 for groups that have none, such as those of evaluations. */
    List<Integer> steps(List<Long> groups) {
        return groups.stream()
                .map(id -> open.containsKey(id) ? open.get(id).step : 0)
                .toList();
    }

    /** A step was made. */
    void stepped(long now, int step, String digest) {
        log.append(new LedgerEvent.Stepped(now, step, digest));
        progressAt = now;
    }

    /** Generators may have these weights. A trainer that starts again publishes old versions again: the newest counts. */
    void published(long now, int version) {
        log.append(new LedgerEvent.Published(now, version));
        published = Math.max(published, version);
        progressAt = now;
    }

    /** A clean end: names what is in flight. */
    void stop(long now) {
        log.append(new LedgerEvent.Stopped(now, everLeased()));
        log.close();
    }

    private List<Long> everLeased() {
        return open.values().stream().filter(g -> g.everLeased).map(g -> g.id).toList();
    }

    int batches() {
        return recorded.size();
    }

    /** When a group was last scored or worked at, a batch taken, a step made or weights published. */
    long progressAt() {
        return progressAt;
    }

    /** How many groups are where, for a message to a person. */
    String summary() {
        long leased = count(OpenGroup.Place.LEASED);
        long ready = count(OpenGroup.Place.READY);
        return "version " + published + ", " + batches() + " batches taken, groups: " + leased + " leased, "
                + count(OpenGroup.Place.DELIVERED) + " delivered, " + ready + " ready of " + groupsWanted()
                + " wanted, " + count(OpenGroup.Place.RETURNED) + " returned, " + count(OpenGroup.Place.SPILLED)
                + " spilled, " + scoring.size() + " at verifiers";
    }

    /** True while a complete batch and half of another wait for the trainer: sampling ahead would only make them older. */
    boolean generatorsRest() {
        return 2 * ready() >= 3 * groupsWanted() && !choose().isEmpty();
    }

    int ready() {
        return (int) count(OpenGroup.Place.READY);
    }

    private long count(OpenGroup.Place place) {
        return open.values().stream().filter(g -> g.place == place).count();
    }
}
