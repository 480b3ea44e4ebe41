package io.tramontane.cluster.ledger;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All rules of the ledger, for one thread; the caller says what time it is. An event is written before what it says
 * takes effect outside.
 */
final class LedgerState {
    private static final String POISONED = "poisoned";

    private final LedgerConfig config;
    private final BatchChoice choice;
    private final EventLog log;
    private final BatchStore store;
    private final LedgerListener listener;
    private final OpenGroups open;
    private final ScoringQueue scoring = new ScoringQueue();
    private final RecordedSteps recorded;
    private final KeptGroups kept;
    private final Waves waves;
    private final Leasing leasing;
    private final EnumSet<Topic> changed = EnumSet.noneOf(Topic.class);
    private boolean resting;
    private int published;
    private long progressAt;

    LedgerState(LedgerConfig config, EventLog log, BatchStore store, LedgerListener listener, History history) {
        this.config = config;
        this.log = log;
        this.store = store;
        this.listener = listener;
        this.open = new OpenGroups(config.sizes());
        this.choice = new BatchChoice(config, open);
        this.recorded = history.recorded().copy();
        this.kept = new KeptGroups(config, log, open);
        this.waves = new Waves(config.generators(), history.waves());
        this.leasing = new Leasing(config, log, open, waves, history);
    }

    /** Groups of which earlier drivers kept something, see {@link KeptGroups}. Call before {@link #open}. */
    void restore(SpillStore earlier) {
        kept.restore(earlier, batches());
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
     * Without lag it is a whole set of groups instead, which must be sampled together. A generator that has not reported its
     * first weights yet (a negative version) gets none: they would count as older than all that it samples.
     */
    List<Lease> lease(long now, Holder generator, int version, int max) {
        expireLeases(now);
        if (version < 0) return List.of();
        return leasing.lease(now, generator, new Leasing.Terms(Math.min(version, published), max, batches()));
    }

    /**
     * A task started (again): what its earlier attempts hold is free, and what has proved to end them is set aside.
     *
     * @return whether something was set aside
     */
    boolean register(long now, Holder holder) {
        List<OpenGroup> lost = open.heldBy(holder.name()).stream()
                .filter(group -> group.holder.attempt() < holder.attempt())
                .toList();
        for (OpenGroup group : lost) giveBack(now, group, group.holder + " started again");
        for (OpenGroup group : lost) group.deaths.count(lost.size() == 1);
        Optional<OpenGroup> killer = guilty(lost);
        killer.ifPresent(group -> poisoned(now, group, holder));
        Optional<Group> guilty = scoring.died(holder, now);
        guilty.ifPresent(group -> poisoned(now, group, holder));
        changed.addAll(EnumSet.of(Topic.LEASES, Topic.MATHS, Topic.CODE));
        return killer.isPresent() || guilty.isPresent();
    }

    /** Without lag a set is sampled as a whole, so no group of it is ever known to be the guilty one. */
    private Optional<OpenGroup> guilty(List<OpenGroup> lost) {
        return config.maxLag() > 0 && lost.size() == 1
                ? Optional.of(lost.get(0)).filter(group -> group.deaths.prove())
                : Optional.empty();
    }

    private void poisoned(long now, OpenGroup group, Holder holder) {
        drop(now, group.id, POISONED);
        listener.poisoned(group.id, "", holder);
    }

    private void poisoned(long now, Group group, Holder holder) {
        if (group.id() >= 0) drop(now, group.id(), POISONED);
        scoring.remove(group.id());
        listener.poisoned(group.id(), group.problem().id(), holder);
        if (group.id() >= 0) return;
        RewardBreakdown none = RewardBreakdown.unscored("set aside: it ended three verifiers", 0);
        listener.evaluated(group, Collections.nCopies(group.completions().size(), none));
    }

    private void expireLeases(long now) {
        for (OpenGroup group : open.late(now)) giveBack(now, group, group.holder + " is late");
    }

    /** A generator still has these groups. Those that it has lost meanwhile stay lost; it is no progress of the run. */
    void holds(long now, Holder generator, List<Long> groups) {
        for (long id : groups) {
            OpenGroup group = open.get(id);
            if (group != null
                    && group.place == OpenGroup.Place.LEASED
                    && group.holder.equals(generator)
                    && now < group.deadline)
                open.renew(group, now + config.lease().toMillis());
        }
    }

    private void giveBack(long now, OpenGroup group, String reason) {
        log.append(new LedgerEvent.GivenBack(now, group.id, reason));
        open.giveBack(group);
        changed.addAll(EnumSet.of(Topic.BATCHES, Topic.LEASES)); // a batch may have waited for it
    }

    /** The lease that a generator has of a group. */
    Optional<Lease> leaseOf(Holder generator, long id) {
        return kept.leaseOf(generator, id);
    }

    /** A generator gives a group back, and what it has sampled is kept. False when it does not hold the group (any more). */
    boolean handBack(long now, Holder generator, Spilled sampled) {
        boolean held = kept.handBack(now, generator, sampled);
        if (held) changed.add(Topic.LEASES);
        return held;
    }

    /** Groups that are sampled to their end, and neither trained nor dropped. */
    Map<Lease, Group> sampled() {
        return kept.sampled();
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
            kept.discard(known);
            giveBack(now, known, "sampled by version " + oldest + ", leased for " + known.version);
            return false;
        }
        log.append(
                new LedgerEvent.Delivered(now, group.id(), group.completions().size(), group.completionTokens()));
        open.deliver(known, group);
        score(group);
        if (open.heldBy(generator.name()).isEmpty()) changed.add(Topic.LEASES); // may have a set, or a suspect, now
        return true;
    }

    /** An evaluation group comes in; it has a negative id and no place in the schedule. */
    void deliverEvaluation(Group group) {
        if (group.id() >= 0) throw new IllegalArgumentException("evaluation group " + group.id() + ", allowed < 0");
        score(group);
    }

    private void score(Group group) {
        scoring.add(group);
        changed.add(Topic.of(group.problem().kind()));
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
        Group group = scoring.get(id);
        if (group == null) return;
        if (rewards.size() != group.completions().size())
            throw new IllegalArgumentException("group " + id + ": " + rewards.size() + " rewards for "
                    + group.completions().size() + " completions");
        boolean suspects = scoring.hasSuspects();
        if (id >= 0) admit(now, group, rewards);
        scoring.remove(id);
        if (suspects) changed.addAll(EnumSet.of(Topic.MATHS, Topic.CODE));
        if (id >= 0) return;
        progressAt = now;
        listener.evaluated(group, rewards);
    }

    /** Writes first what becomes of the group: when that fails, the verifier still has it. */
    private void admit(long now, Group group, List<RewardBreakdown> rewards) {
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> scores = new ArrayList<>();
        for (int i = 0; i < rewards.size(); i++) {
            if (rewards.get(i).reward().isEmpty()) continue;
            completions.add(group.completions().get(i));
            scores.add(rewards.get(i));
        }
        if (scores.size() < 2) {
            drop(now, group.id(), "unscored");
            listener.judged(group, rewards);
            return;
        }
        ScoredGroup scored =
                new ScoredGroup(new Group(group.id(), group.problem(), group.promptTokens(), completions), scores);
        if (scored.isZeroSignal()) drop(now, group.id(), "zero signal");
        else open.ready(open.get(group.id()), scored);
        changed.addAll(EnumSet.of(Topic.BATCHES, Topic.LEASES));
        progressAt = now;
        listener.judged(group, rewards);
        listener.scored(scored, !scored.isZeroSignal());
    }

    private void drop(long now, long id, String reason) {
        log.append(new LedgerEvent.Dropped(now, id, reason));
        open.remove(id);
        changed.addAll(EnumSet.of(Topic.BATCHES, Topic.LEASES));
        kept.delete(id);
    }

    /** The batch of a step: the recorded one if there is one, else a new one if the rules allow it now. */
    Optional<Batch> takeBatch(long now, int step) {
        if (step < 1 || step > batches() + 1)
            throw new IllegalArgumentException("batch of step " + step + " asked for, allowed 1 to " + (batches() + 1));
        try {
            String before = recorded.batches().get(step);
            if (before != null) return Optional.of(store.read(step, before));
            List<OpenGroup> chosen = choice.choose(batches());
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
            recorded.batched(step, digest);
            ids.forEach(open::remove);
            ids.forEach(kept::delete);
            waves.clear();
            changed.add(Topic.LEASES);
            progressAt = now;
            listener.taken(batch);
            return Optional.of(batch);
        } catch (IOException e) {
            throw new UncheckedIOException("batch of step " + step, e);
        }
    }

    /** The step that groups were leased for; 0 for groups that have none, such as those of evaluations. */
    List<Integer> steps(List<Long> groups) {
        return groups.stream()
                .map(id -> open.get(id) == null ? 0 : open.get(id).step)
                .toList();
    }

    /**
     * A step was made. One that is made again as it was made before must have the recorded digest; else it, or what it came
     * from, is damaged.
     */
    void stepped(long now, int step, MadeStep again) {
        MadeStep before = recorded.made(step);
        if (before != null && !before.digest().equals(again.digest())) {
            if (before.isRepeatedBy(again))
                throw new BadInputException(
                        "step " + step + ", made again, has weights with SHA-256 " + again.digest()
                                + ", the ledger recorded " + before.digest()
                                + ": checkpoint, batch or machine is at fault; \"verify\" says what is sound in the run folder");
            listener.notCompared(step);
        }
        log.append(new LedgerEvent.Stepped(now, step, again.digest(), again.numerics()));
        recorded.made(step, again);
        progressAt = now;
    }

    /** Generators may have these weights. A trainer that starts again publishes old versions again: the newest counts. */
    void published(long now, int version) {
        log.append(new LedgerEvent.Published(now, version));
        published = Math.max(published, version);
        changed.add(Topic.LEASES);
        progressAt = now;
    }

    /** A clean end: names what is in flight. */
    void stop(long now) {
        try (log) {
            log.append(new LedgerEvent.Stopped(now, everLeased()));
        }
    }

    private List<Long> everLeased() {
        return open.all().stream().filter(g -> g.everLeased).map(g -> g.id).toList();
    }

    int batches() {
        return recorded.batches().size();
    }

    /** What is recorded of every step, as of now. */
    RecordedSteps recorded() {
        return recorded.copy();
    }

    /** When a group was last scored or worked at, a batch taken, a step made or weights published. */
    long progressAt() {
        return progressAt;
    }

    /** How many groups are where, for a message to a person. */
    String summary() {
        int leased = count(OpenGroup.Place.LEASED);
        int ready = count(OpenGroup.Place.READY);
        return "version " + published + ", " + batches() + " batches taken, groups: " + leased + " leased, "
                + count(OpenGroup.Place.DELIVERED) + " delivered, " + ready + " ready of " + choice.wanted(batches())
                + " wanted, " + count(OpenGroup.Place.RETURNED) + " returned, " + count(OpenGroup.Place.SPILLED)
                + " spilled, " + scoring.size() + " at verifiers";
    }

    /** True while a complete batch and half of another wait for the trainer: sampling ahead would only make them older. */
    boolean generatorsRest() {
        return choice.isPlenty(batches());
    }

    /** Whom the changes since the last call may concern. */
    Set<Topic> takeChanges() {
        if (generatorsRest() != resting) changed.add(Topic.NEWS);
        resting = generatorsRest();
        Set<Topic> topics = EnumSet.copyOf(changed);
        changed.clear();
        return topics;
    }

    private int count(OpenGroup.Place place) {
        return open.count(place);
    }
}
