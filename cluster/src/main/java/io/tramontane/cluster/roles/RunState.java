package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.ledger.LedgerConfig;
import io.tramontane.cluster.ledger.LedgerListener;
import io.tramontane.cluster.ledger.Signal;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Batch;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a run is: its ledger, its newest weights, whether training is over, what went wrong. */
public final class RunState implements AutoCloseable {
    private static final int SAMPLES_EVERY = 10;
    private static final Duration STATISTICS = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(RunState.class);

    private final Config config;
    private final RunFolder folder;
    private final Path events;
    private final Signal signal = new Signal();
    private final TaskRegistry tasks = new TaskRegistry();
    private final StepWindow window = new StepWindow();
    private final SignalWatch watch = new SignalWatch();
    private final UnscoredWatch unscored;
    private final ListenerQueue listeners;
    private final Ledger ledger;
    private final EvaluationBook evaluations;
    private final Function<int[], List<String>> pieces;
    private int toldStep;
    private volatile Offer newest;
    private volatile boolean over;
    private volatile boolean saved;
    private volatile boolean stopping;
    private volatile boolean interrupted;
    private volatile Throwable failure;
    private long trainingSince = -1;
    private long steppedAt = -1;
    private long trainedUntil = -1;
    private final double trainedBefore;

    /**
     * Opens the ledger of a run, new or resumed.
     *
     * @param version step of the checkpoint to go on from; 0 for none
     */
    public RunState(Config config, RunFolder folder, int version, Prompts prompts, RunListener listener) {
        this.config = config;
        this.folder = folder;
        this.events = eventsFile(folder);
        this.unscored = new UnscoredWatch(config.cluster().maxUnscoredGroups());
        this.listeners = new ListenerQueue(listener, this::fail);
        this.toldStep = History.read(events).lastStep();
        this.trainedBefore = toldStep == 0 ? 0 : listener.trainSecondsBefore();
        this.pieces = prompts::pieces;
        int problems = prompts.evaluationProblems(config.evaluation().problems());
        this.evaluations = new EvaluationBook(problems, prompts.openings(problems));
        if (toldStep > 0) listeners.tell(l -> l.resumed(toldStep));
        try {
            this.ledger = new Ledger(ledgerConfig(config), events, version, environment(new ArrowBatchStore(folder)));
        } catch (IOException e) {
            throw new UncheckedIOException("run folder " + folder.root() + " cannot be used", e);
        }
    }

    /** Where the ledger of a run lies. */
    public static Path eventsFile(RunFolder folder) {
        return folder.ledger().resolve("events.jsonl");
    }

    private static LedgerConfig ledgerConfig(Config config) {
        Duration lease = Duration.ofMillis((long) (1000 * config.cluster().leaseSeconds()));
        return new LedgerConfig(
                config.groupsPerBatch(),
                config.cluster().maxLag(),
                config.cluster().generators(),
                lease,
                lease);
    }

    private Ledger.Environment environment(ArrowBatchStore store) {
        LedgerListener recorder = new LedgerListener() {
            @Override
            public void judged(Group group, List<RewardBreakdown> rewards) {
                window.judged(rewards);
                unscored.judged(rewards).ifPresent(RunState.this::cannotScore);
                List<RewardBreakdown> without = rewards.stream()
                        .filter(reward -> reward.reward().isEmpty())
                        .toList();
                if (!without.isEmpty())
                    LOG.warn(
                            "group {}: {} of {} completions UNSCORED: {}",
                            group.id(),
                            without.size(),
                            rewards.size(),
                            without.get(0).reason());
            }

            @Override
            public void scored(ScoredGroup group, boolean kept) {
                window.scored(group, kept);
                Optional<String> silence = watch.scored(group, kept);
                if (!unscored.failing()) silence.ifPresent(RunState.this::message);
            }

            @Override
            public void evaluated(Group group, List<RewardBreakdown> rewards) {
                unscored.judged(rewards).ifPresent(RunState.this::cannotScore);
                Optional<EvaluationBook.Finished> finished = evaluations.add(group, rewards);
                evaluations
                        .count(group.id())
                        .ifPresent(c -> listeners.tell(l -> l.evaluating(c.step(), c.done(), c.total())));
                finished.ifPresent(RunState.this::evaluated);
            }
        };
        return new Ledger.Environment(store, Clock.systemUTC(), recorder, signal);
    }

    private void cannotScore(String why) {
        if (!stopping) fail(new IllegalStateException(why));
    }

    Ledger ledger() {
        return ledger;
    }

    /** Which tasks are up. */
    public TaskRegistry tasks() {
        return tasks;
    }

    /** Raised after every change. */
    public Signal signal() {
        return signal;
    }

    /** What the user is told goes through here. */
    ListenerQueue listeners() {
        return listeners;
    }

    EvaluationBook evaluations() {
        return evaluations;
    }

    Offer newest() {
        return newest;
    }

    void published(Offer offer) {
        newest = offer;
    }

    void swapped(Messages.Swapped swapped) {
        window.swapped(swapped.canaryKl(), swapped.seconds());
        checkMismatch("canary sequence of " + swapped.holder(), swapped.version(), swapped.canaryKl());
        signal.raise();
    }

    private void checkMismatch(String where, int version, double kl) {
        double limit = config.cluster().maxMismatchKl();
        if (!(kl <= limit))
            fail(new IllegalStateException("generator and trainer disagree: mean KL " + kl + " on the " + where
                    + " at policy version " + version + ", cluster.maxMismatchKl allows " + limit));
    }

    void unable(Messages.Unable unable) {
        evaluations.forget(unable.number());
        message("an evaluation is left out, its weights are gone: " + unable.why());
        signal.raise();
    }

    private void evaluated(EvaluationBook.Finished finished) {
        listeners.tell(finished::row, (l, row) -> {
            if (config.trainer().keepBestCheckpoint())
                BestCheckpoint.note(folder, finished.step(), (double) row.get("correctness"));
            l.problems(finished.step(), EvaluationRow.problems(finished.plain()));
            if (!finished.samples().isEmpty()) l.samples(finished.samples());
            l.eval(row);
        });
    }

    /** True when no step like this one shall be made; the first time, the last weights' evaluation is ordered. */
    synchronized boolean isOver(int step) {
        double minutes = config.trainer().minutes();
        long since = trainingSince < 0 ? watch.since() : trainingSince;
        boolean late = minutes > 0 && since >= 0 && System.nanoTime() - since > minutes * 60e9;
        if (!over && (late || stopping || step > config.trainer().steps())) {
            over = true;
            trainedUntil = System.nanoTime();
            if (!stopping && newest != null) evaluateLast(newest);
            listeners.tell(l -> l.phase("final evaluation"));
            signal.raise();
        }
        return over;
    }

    private void evaluateLast(Offer last) {
        if (!evaluations.isLast(last.version())) evaluations.order(last, false, Optional.of(Sample.Phase.AFTER));
        List<Sample> late = evaluations.lateSamples(last.version());
        if (!late.isEmpty()) listeners.tell(l -> l.samples(late));
    }

    /** Of this process and of those before it that the run was resumed after. */
    private double trainSeconds() {
        if (trainingSince < 0) return trainedBefore;
        long until = trainedUntil < 0 ? System.nanoTime() : trainedUntil;
        return trainedBefore + (until - trainingSince) / 1e9;
    }

    /** The trainer has this batch now. */
    synchronized void training(Batch batch) {
        long now = System.nanoTime();
        if (trainingSince < 0) trainingSince = now;
        if (steppedAt < 0) steppedAt = now;
        window.taken(batch);
    }

    /** The trainer made a step; a step that was told before a restart is not told again. */
    synchronized void stepped(StepReport report) {
        long now = System.nanoTime();
        boolean synchronous = config.cluster().maxLag() == 0;
        if (synchronous) checkMismatch("trained tokens", report.step(), report.behaviourKl());
        if (report.step() > toldStep) {
            Batch batch = window.batch();
            Map<String, Object> row = window.close(report, synchronous, (now - steppedAt) / 1e9, idle());
            row.put("maxLength", config.rewards().maxLengthAt(report.step()));
            toldStep = report.step();
            listeners.tellNow(l -> {
                if (report.step() % SAMPLES_EVERY == 1 && batch != null) {
                    l.samples(TrainSamples.of(batch));
                    GroupSample.of(batch, pieces).ifPresent(group -> l.group(report.step(), group));
                }
                l.train(row);
            });
        }
        steppedAt = now;
    }

    private StepWindow.Idle idle() {
        return new StepWindow.Idle(
                tasks.idleShare(TaskRegistry.GENERATOR),
                tasks.idleShare(TaskRegistry.TRAINER),
                tasks.idleShare(TaskRegistry.VERIFIER));
    }

    boolean over() {
        return over;
    }

    void saved() {
        saved = true;
        signal.raise();
    }

    /** True when training is over, the last checkpoint is saved and every evaluation is complete. */
    public boolean finished() {
        return over && saved && (stopping || evaluations.outstanding().isEmpty());
    }

    /** True when the tasks shall end. */
    public boolean stopping() {
        return stopping;
    }

    /** Training shall end with the step that is being made; evaluations are left out. */
    public void interrupt() {
        interrupted = true;
        stopping = true;
        signal.raise();
    }

    /** All tasks shall end now. */
    public void stop() {
        over = true;
        stopping = true;
        signal.raise();
    }

    /** Ends the run with an error; the first one counts. */
    public synchronized void fail(Throwable cause) {
        if (failure == null) failure = cause;
        signal.raise();
    }

    /** What ends the run, if anything did. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** A line for the user. */
    public void message(String line) {
        listeners.tell(l -> l.message(line));
    }

    /** The trainer goes on from its last checkpoint. */
    public synchronized void restarted(String line) {
        int step = toldStep;
        listeners.tell(l -> l.restarted(step, line));
    }

    /** What the run is doing. */
    public void phase(String what) {
        listeners.tell(l -> l.phase(what));
    }

    /** Fails when nothing has moved for too long. */
    public void checkStall() {
        Duration still = ledger.sinceProgress();
        if (still.toMillis() <= 1000 * config.cluster().stallSeconds()) return;
        fail(new IllegalStateException("no progress for " + still.toSeconds() + " s (cluster.stallSeconds "
                + config.cluster().stallSeconds() + "): " + ledger.summary() + ", evaluations open: "
                + evaluations.outstanding().size()));
    }

    /** Why training was over, for the last row. */
    public synchronized String reason() {
        if (interrupted) return "interrupted";
        return toldStep >= config.trainer().steps() ? "all steps made" : "trainer.minutes are over";
    }

    /** The newest step that was told. */
    public synchronized int step() {
        return toldStep;
    }

    /** Why a run that came to its end has not made a single step; empty when it has, or was not to. */
    public synchronized Optional<String> withoutStep() {
        if (toldStep > 0 || interrupted || failure != null) return Optional.empty();
        return Optional.of("no step was made (" + reason() + "): " + watch.summary() + unscored.summary()
                + "; a batch needs " + config.groupsPerBatch() + " groups with different rewards");
    }

    /** Closes the ledger, audits its file and tells the listener the end. */
    public Audit end(String reason) {
        ledger.close();
        if (!listeners.settle(STATISTICS))
            message("the statistics of an evaluation are left out: not done within " + STATISTICS.toMinutes() + " min");
        Audit audit = Audit.of(events);
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("leased", audit.leased());
        counts.put("trained", audit.trained());
        counts.put("dropped", audit.dropped());
        counts.put("inFlight", audit.inFlight());
        counts.put("lost", audit.lost().size());
        counts.put("twice", audit.twice().size());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "end");
        row.put("ledger", counts);
        row.put("trainSeconds", trainSeconds());
        row.put("reason", reason);
        listeners.tellNow(l -> {
            l.message(audit.toString());
            l.end(row);
        });
        return audit;
    }

    @Override
    public void close() {
        ledger.close();
        listeners.close();
    }
}
