package io.tramontane.cluster.ledger;

import io.tramontane.data.Batch;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.StoragePath;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntSupplier;

/**
 * The ledger behind one thread: callers post to it and wait for the answer. Three calls may wait for something to happen
 * ({@code lease}, {@code takeForScoring}, {@code takeBatch}); they do so outside the ledger's thread and never longer than they say.
 */
public final class Ledger implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("ledger"));
    private final Clock clock;
    private final LedgerState state;
    private final Signal signal;
    private volatile boolean resting;

    /**
     * Opens the ledger of a run, new or resumed.
     *
     * @param events the event file
     * @param history what the file already holds; good for one ledger
     * @param version the policy version that the trainer starts from: 0, or the checkpoint that is resumed
     * @param environment the store for batches, the clock, the listener, and the signal that is raised after every change
     */
    public Ledger(LedgerConfig config, StoragePath events, History history, int version, Environment environment) {
        this.clock = environment.clock();
        this.signal = environment.signal();
        this.state = new LedgerState(
                config, new EventLog(events, history.chain()), environment.store(), environment.listener(), history);
        state.restore(environment.spills());
        state.open(clock.millis(), version);
    }

    /** What the ledger talks to. */
    public record Environment(
            BatchStore store, Clock clock, LedgerListener listener, Signal signal, SpillStore spills) {
        /** Nothing was kept of groups in flight. */
        public Environment(BatchStore store, Clock clock, LedgerListener listener, Signal signal) {
            this(store, clock, listener, signal, SpillStore.NONE);
        }
    }

    /** A task started or started again; what its earlier attempts hold is given back. True when some of it is set aside instead. */
    public boolean register(Holder holder) {
        return post(() -> state.register(clock.millis(), holder));
    }

    /**
     * Up to {@code max} groups for a generator; waits until there is one, at most {@code wait}.
     *
     * @param version the version of the generator's weights, asked again at each try
     */
    public List<Lease> lease(Holder generator, IntSupplier version, int max, Duration wait) {
        return signal.await(
                        Topic.LEASES,
                        wait,
                        () -> some(ask(() -> state.lease(clock.millis(), generator, version.getAsInt(), max))))
                .orElse(List.of());
    }

    /** A finished group; false when it is not wanted (any more). Negative ids are evaluation. */
    public boolean deliver(Holder generator, Group group) {
        return post(() -> {
            if (group.id() >= 0) return state.deliver(clock.millis(), generator, group);
            state.deliverEvaluation(group);
            return true;
        });
    }

    /** The lease that a generator has of a group. */
    public Optional<Lease> leaseOf(Holder generator, long group) {
        return ask(() -> state.leaseOf(generator, group));
    }

    /** A generator gives a group back, and what it has sampled is kept. False when it does not hold the group (any more). */
    public boolean handBack(Holder generator, Spilled kept) {
        return post(() -> state.handBack(clock.millis(), generator, kept));
    }

    /** Groups that are sampled to their end, and neither trained nor dropped. */
    public Map<Lease, Group> sampled() {
        return ask(state::sampled);
    }

    /** Groups to score; waits until there is one, at most {@code wait}. */
    public List<Group> takeForScoring(Holder verifier, Problem.Kind kind, int max, Duration wait) {
        return signal.await(
                        Topic.of(kind),
                        wait,
                        () -> some(ask(() -> state.takeForScoring(clock.millis(), verifier, kind, max))))
                .orElse(List.of());
    }

    /** The steps that groups were leased for, 0 where a group has none. */
    public List<Integer> steps(List<Group> groups) {
        return ask(() -> state.steps(groups.stream().map(Group::id).toList()));
    }

    private static <T> Optional<List<T>> some(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    /** A verifier goes on with groups that it holds: it has them for longer, and the run does not stand still. */
    public void working(Holder verifier, List<Long> groups) {
        ask(() -> {
            state.working(clock.millis(), verifier, groups);
            return null;
        });
    }

    /** A generator is alive and holds these groups: it has them for longer. */
    public void holds(Holder generator, List<Long> groups) {
        ask(() -> {
            state.holds(clock.millis(), generator, groups);
            return null;
        });
    }

    /** Rewards of a group, aligned with its completions. */
    public void rewards(long group, List<RewardBreakdown> rewards) {
        post(() -> {
            state.rewards(clock.millis(), group, rewards);
            return null;
        });
    }

    /** The batch of a step, always the same one for the same step; waits until it is there, at most {@code wait}. */
    public Optional<Batch> takeBatch(int step, Duration wait) {
        return signal.await(Topic.BATCHES, wait, () -> ask(() -> state.takeBatch(clock.millis(), step)));
    }

    /** A step was made. Bad input when it was made before in the same way with another result. */
    public void stepped(int step, MadeStep made) {
        post(() -> {
            state.stepped(clock.millis(), step, made);
            return null;
        });
    }

    /** What is recorded of every step, as of now. */
    public RecordedSteps recorded() {
        return ask(state::recorded);
    }

    /** The weights of this version can be had. */
    public void published(int version) {
        post(() -> {
            state.published(clock.millis(), version);
            return null;
        });
    }

    /** True while generators rest in the middle of their sequences, since more than a batch waits for the trainer. */
    public boolean generatorsRest() {
        return resting;
    }

    /** Time since a group was last scored or worked at, a batch taken, a step made or weights published. */
    public Duration sinceProgress() {
        return ask(() -> Duration.ofMillis(clock.millis() - state.progressAt()));
    }

    /** Where the groups are, in one line for a person. */
    public String summary() {
        return ask(state::summary);
    }

    /** Writes what is in flight, closes the file and ends the thread. Later calls fail. */
    @Override
    public void close() {
        if (thread.isShutdown()) return;
        try {
            post(() -> {
                state.stop(clock.millis());
                return null;
            });
        } finally {
            thread.shutdown();
        }
    }

    /** The same for a change that may concern those who wait for any. */
    private <T> T post(Callable<T> work) {
        T answer = ask(work);
        signal.raise(Set.of());
        return answer;
    }

    /** Runs on the ledger's thread and wakes those whose answer it may have changed. */
    private <T> T ask(Callable<T> work) {
        try {
            return thread.submit(() -> answer(work)).get();
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the ledger is closed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) throw known;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the ledger", e);
        }
    }

    private <T> T answer(Callable<T> work) throws Exception {
        try {
            return work.call();
        } finally {
            Set<Topic> changed = state.takeChanges();
            resting = state.generatorsRest();
            if (!changed.isEmpty()) signal.raise(changed);
        }
    }
}
