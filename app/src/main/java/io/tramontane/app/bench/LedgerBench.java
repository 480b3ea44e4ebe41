package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.BatchStore;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.ledger.LedgerConfig;
import io.tramontane.cluster.ledger.LedgerListener;
import io.tramontane.cluster.ledger.MadeStep;
import io.tramontane.cluster.ledger.Signal;
import io.tramontane.cluster.ledger.Topic;
import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.Group;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ledger with groups that nobody samples: each is leased, delivered, scored and trained. Whether the time of a group stays
 * the same, how long a run of so many takes to resume, and what tasks that wait for news cost.
 *
 * @param findings that get the figures
 * @param groups to take through the ledger
 * @param watchers tasks that wait for news in the second part
 */
public record LedgerBench(Findings findings, long groups, int watchers) {
    private static final int BATCH = 128;
    private static final int AT_ONCE = 32;
    private static final int PARTS = 5;
    private static final long WATCHED = 10_000;
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Holder GENERATOR = new Holder("generator-0", 0);
    private static final Holder VERIFIER = new Holder("verifier-0", 0);
    private static final Problem PROBLEM = Problem.math("bench", "en", "1+1?", "2", Map.of());
    private static final List<RewardBreakdown> REWARDS = List.of(reward(0.9), reward(0));

    /** Keeps nothing: the digest of a batch is its step. */
    private record Forgetful() implements BatchStore {
        @Override
        public String write(Batch batch) {
            return "step-" + batch.step();
        }

        @Override
        public Batch read(int step, String digest) {
            throw new IllegalStateException("no batch is asked for twice");
        }
    }

    /** Measures. */
    public void run() {
        ObjectNode json = findings.group("ledger").put("groups", groups).put("batch", BATCH);
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            LocalStorage events = new LocalStorage(folder.path().resolve("events.jsonl"));
            Signal signal = new Signal();
            try (Ledger ledger = open(events, signal)) {
                AtomicInteger version = new AtomicInteger();
                for (int part = 1; part <= PARTS; part++) {
                    long from = groups * (part - 1) / PARTS;
                    double seconds = pass(ledger, version, groups / PARTS);
                    add(json, "groups " + from + " and on", groups / PARTS / seconds, "groups/s");
                }
            }
            read(json, "read for a resumed run", () -> History.read(events));
            read(json, "audited", () -> Audit.of(events));
        }
        for (int waiting : new int[] {1, watchers}) add(json, waiting + " watchers", watched(waiting), "groups/s");
    }

    /** Also in seconds that this thread was computing, which others on the machine do not change. */
    private void read(ObjectNode json, String name, Runnable work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        add(json, name, Stopwatch.seconds(work), "s");
        add(json, name + ", computing", (threads.getCurrentThreadCpuTime() - before) * 1e-9, "s");
    }

    private void add(ObjectNode json, String name, double value, String unit) {
        PolicyBench.add(findings, json, "", new Figure(name, value, unit));
    }

    private static Ledger open(LocalStorage events, Signal signal) {
        LedgerConfig config = new LedgerConfig(BATCH, 3, 1, LONG, LONG);
        Ledger.Environment around =
                new Ledger.Environment(new Forgetful(), Clock.systemUTC(), new LedgerListener() {}, signal);
        return new Ledger(config, events, History.read(events), 0, around);
    }

    private static double watched(int watchers) {
        ExecutorService threads = Executors.newFixedThreadPool(watchers, DaemonThreads.named("watcher"));
        AtomicBoolean over = new AtomicBoolean();
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            Signal signal = new Signal();
            try (Ledger ledger = open(new LocalStorage(folder.path().resolve("events.jsonl")), signal)) {
                for (int i = 0; i < watchers; i++) threads.execute(() -> watch(ledger, signal, over));
                double seconds = pass(ledger, new AtomicInteger(), WATCHED);
                return WATCHED / seconds;
            } finally {
                over.set(true);
                signal.raise();
                threads.shutdown();
            }
        }
    }

    /** As a task that waits for new weights does, see Driver. */
    private static void watch(Ledger ledger, Signal signal, AtomicBoolean over) {
        while (!over.get())
            signal.await(Topic.NEWS, WAIT, () -> Optional.of(true).filter(x -> ledger.generatorsRest() || over.get()));
    }

    /** Seconds for so many groups, trained at once as far as they fill batches. */
    private static double pass(Ledger ledger, AtomicInteger version, long count) {
        return Stopwatch.seconds(() -> {
            for (long done = 0; done < count; ) {
                List<Lease> leases = ledger.lease(GENERATOR, version::get, AT_ONCE, WAIT);
                for (Lease lease : leases) ledger.deliver(GENERATOR, sampled(lease));
                for (Group group : ledger.takeForScoring(VERIFIER, Problem.Kind.MATH, AT_ONCE, WAIT))
                    ledger.rewards(group.id(), REWARDS);
                done += leases.size();
                if (ledger.takeBatch(version.get() + 1, Duration.ZERO).isEmpty()) continue;
                int made = version.incrementAndGet();
                ledger.stepped(made, new MadeStep("theta-" + made, "bench"));
                ledger.published(made);
            }
        });
    }

    private static Group sampled(Lease lease) {
        Completion completion =
                new Completion(new int[] {7}, new float[] {-1}, new int[] {lease.version()}, true, "<think>a</think>b");
        return new Group(lease.group(), PROBLEM, new int[] {1}, List.of(completion, completion));
    }

    private static RewardBreakdown reward(double correctness) {
        Verdict verdict = correctness > 0 ? Verdict.CORRECT : Verdict.WRONG;
        return new RewardBreakdown(0.1, correctness, 0, 0, verdict, "", "", List.of(), 1);
    }
}
