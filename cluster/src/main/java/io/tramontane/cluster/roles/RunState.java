package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Clocks;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.BatchSizes;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.ledger.LedgerConfig;
import io.tramontane.cluster.ledger.RecordedSteps;
import io.tramontane.cluster.ledger.Signal;
import io.tramontane.cluster.ledger.Topic;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.StoragePath;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a run is: its ledger, its newest weights, its phase, and what is reported to the listener. */
public final class RunState implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunState.class);
    private static final Duration STATISTICS = Duration.ofMinutes(10);

    private final Config config;
    private final StoragePath events;
    private final Signal signal = new Signal();
    private final TaskRegistry tasks = new TaskRegistry();
    private final StepWindow window = new StepWindow();
    private final RunLifecycle lifecycle = new RunLifecycle();
    private final MismatchCheck mismatch;
    private final StallCheck stall;
    private final ListenerQueue listeners;
    private final TrainingClock clock;
    private final StepRows steps;
    private final StageNotice stages;
    private final RunEvaluations evaluations;
    private final ScoreRecorder scores;
    private final Ledger ledger;
    private final Spilling spilling;
    private final Recovery recovery = new Recovery(System::nanoTime);
    private final HangWatch hangs = new HangWatch(System::nanoTime);
    private volatile Offer newest;

    /**
     * Opens the ledger of a run, new or resumed.
     *
     * @param past what the ledger holds already, and the checkpoint to go on from
     */
    public RunState(Config config, RunFolder folder, Past past, Prompts prompts, RunListener listener) {
        this.config = config;
        this.events = eventsFile(folder);
        this.mismatch = new MismatchCheck(config.mismatchLimit());
        this.stall = new StallCheck(config.cluster().stallSeconds());
        this.listeners = new ListenerQueue(listener, this::fail);
        int reported = past.history().lastStep();
        this.clock = new TrainingClock(
                config.trainer().minutes(), reported == 0 ? 0 : listener.trainSecondsBefore(), System::nanoTime);
        this.stages = new StageNotice(config, listeners, reported);
        this.steps = new StepRows(config, window, listeners, prompts::pieces, reported);
        this.evaluations = new RunEvaluations(config, folder, prompts, listeners);
        this.scores = new ScoreRecorder(
                config.cluster(),
                new ScoreRecorder.Outlets(window, evaluations, clock),
                this::message,
                this::failUnlessStopping);
        if (reported > 0) listeners.post(l -> l.resumed(reported));
        try {
            SpilledGroups spilled = new SpilledGroups(folder.spill());
            Ledger.Environment around =
                    new Ledger.Environment(new ArrowBatchStore(folder), Clock.systemUTC(), scores, signal, spilled);
            this.ledger = new Ledger(ledgerConfig(config), events, past.history(), past.version(), around);
            this.spilling = new Spilling(config, spilled, this::message);
            spilling.resumed(past.history().unfinished().size());
        } catch (IOException e) {
            throw new UncheckedIOException("run folder " + folder.root().name() + " cannot be used", e);
        }
    }

    /**
     * What earlier drivers left.
     *
     * @param history of the ledger, read once; good for one driver
     * @param version step of the checkpoint to go on from; 0 for none
     */
    public record Past(History history, int version) {}

    /** What is recorded of every step, as of now. */
    public RecordedSteps recorded() {
        return ledger.recorded();
    }

    /** Where the ledger of a run lies. */
    public static StoragePath eventsFile(RunFolder folder) {
        return folder.events();
    }

    static LedgerConfig ledgerConfig(Config config) {
        NavigableMap<Integer, Integer> sizes = new TreeMap<>();
        config.stages().forEach((step, stage) -> sizes.put(step, stage.groupsPerBatch()));
        Clocks clocks = Clocks.of(config.cluster());
        return new LedgerConfig(
                BatchSizes.of(sizes),
                config.cluster().maxLag(),
                config.cluster().generators().least(), // of a fixed number where it matters
                clocks.lease(),
                clocks.verify());
    }

    Ledger ledger() {
        return ledger;
    }

    /** What is kept of groups in flight. */
    Spilling spilling() {
        return spilling;
    }

    /** Which tasks are up. */
    public TaskRegistry tasks() {
        return tasks;
    }

    /** Raised after every change. */
    public Signal signal() {
        return signal;
    }

    HangWatch hangs() {
        return hangs;
    }

    /** Tasks that are silent or hang, by name, with the reason; to be asked every second. */
    public Map<String, String> hung() {
        Map<String, String> hung = new TreeMap<>();
        hangs.hung().forEach(hang -> hung.put(hang.task(), hang.why()));
        return hung;
    }

    RunEvaluations evaluations() {
        return evaluations;
    }

    /** The newest weights; null while there are none. */
    Offer newest() {
        return newest;
    }

    /** The trainer offers new weights: they are evaluated if it is their turn. */
    void published(Offer offer) {
        recovery.end(offer.version()).ifPresent(this::message);
        newest = offer;
        evaluations.published(offer);
        signal.raise();
    }

    /** A generator samples with new weights. */
    void swapped(Messages.Swapped swapped) {
        window.swapped(swapped.canaryKl(), swapped.seconds());
        mismatch.check("canary sequence of " + swapped.holder(), swapped.version(), swapped.canaryKl())
                .ifPresent(this::failWith);
        signal.raise(Topic.LEASES);
    }

    /** The weights of an evaluation are gone. */
    void unable(Messages.Unable unable) {
        evaluations.unable(unable);
        signal.raise();
    }

    /** True if training ends before this step: all steps are made, the time is over, or somebody pressed Ctrl-C. */
    boolean endsBefore(int step) {
        return lifecycle.phase().trainingOver()
                || lifecycle.phase().stopping()
                || step > config.trainer().steps()
                || clock.isOver();
    }

    /** No step follows. The first call orders the last weights' evaluation, except after Ctrl-C. */
    void endTraining() {
        if (!lifecycle.endTraining()) return;
        clock.end();
        Offer last = newest;
        if (!lifecycle.phase().stopping() && last != null) evaluations.trainingEnded(last);
        phase("final evaluation");
        signal.raise();
    }

    /** The trainer has this batch now. */
    void training(Batch batch) {
        clock.batchTaken();
        window.taken(batch);
        stages.batchTaken(batch.step());
    }

    /** The trainer made a step. */
    void stepped(StepReport report) {
        if (config.cluster().maxLag() == 0)
            mismatch.check("trained tokens", report.step(), report.behaviourKl())
                    .ifPresent(this::failWith);
        steps.stepped(report, clock.stepMade(), tasks::idle);
        stages.stepMade(report.step());
    }

    /** The last checkpoint of the run is written. */
    void saved() {
        lifecycle.saved();
        signal.raise();
    }

    /** True once no step follows. */
    boolean over() {
        return lifecycle.phase().trainingOver();
    }

    /** True when training is over, the last checkpoint is saved and every evaluation is complete. */
    public boolean finished() {
        return lifecycle.finished(evaluations.outstanding().size());
    }

    /** True when the tasks must end. */
    public boolean stopping() {
        return lifecycle.phase().stopping();
    }

    /** Training ends with the step that is being made; evaluations are left out. */
    public void interrupt() {
        lifecycle.interrupt();
        signal.raise();
    }

    /** All tasks end now. */
    public void stop() {
        if (!lifecycle.interrupted()
                && failure().isEmpty()
                && steps.last() >= config.trainer().steps()) spilling.complete();
        lifecycle.stop();
        signal.raise();
    }

    /** Ends the run with an error; the first one counts. */
    public void fail(Throwable cause) {
        lifecycle.fail(cause);
        signal.raise();
    }

    private void failWith(String why) {
        fail(new IllegalStateException(why));
    }

    private void failUnlessStopping(String why) {
        if (!stopping()) failWith(why);
    }

    /** What ends the run, if anything went wrong. */
    public Optional<Throwable> failure() {
        return lifecycle.failure();
    }

    /** A line for the user. */
    public void message(String line) {
        listeners.post(l -> l.message(line));
    }

    /**
     * A task has ended, whatever it was doing: what it holds is given to others at once. While the ledger cannot be written, on a
     * full disk for example, it is given to them when the task is up again, or when the leases are over.
     */
    public void gone(String task) {
        long next = tasks.gone(task);
        hangs.gone(task);
        try {
            if (ledger.register(new Holder(task, next))) tasks.relieved(task);
        } catch (UncheckedIOException e) {
            LOG.warn("what {} holds cannot be given back now", task, e);
        }
        signal.raise();
    }

    /** The trainer goes on from its last checkpoint. */
    public void restarted(String line) {
        int step = steps.last();
        recovery.begin();
        listeners.post(l -> l.restarted(step, line));
    }

    /** What the run is doing. */
    public void phase(String what) {
        listeners.post(l -> l.phase(what));
    }

    /** Fails when nothing has moved for too long. */
    public void checkStall() {
        stall.check(
                        ledger.sinceProgress(),
                        hangs.sinceComputed(),
                        ledger::summary,
                        evaluations.outstanding().size())
                .ifPresent(this::failWith);
    }

    /** Why training was over, for the last row. */
    public String reason() {
        if (lifecycle.interrupted()) return "interrupted";
        return steps.last() >= config.trainer().steps() ? "all steps made" : "trainer.minutes are over";
    }

    /** The newest step that was reported. */
    public int step() {
        return steps.last();
    }

    /** Why a run that came to its end has not made a single step; empty when it has, or was not to. */
    public Optional<String> withoutStep() {
        if (steps.last() > 0 || lifecycle.interrupted() || failure().isPresent()) return Optional.empty();
        return Optional.of("no step was made (" + reason() + "): " + scores.summary() + "; a batch needs "
                + config.at(1).groupsPerBatch() + " groups with different rewards");
    }

    /** Closes the ledger, audits its file and reports the end to the listener. */
    public Audit end(String reason) {
        SpilledGroups.Size spilled = spilling.end(ledger);
        ledger.close();
        if (!listeners.awaitComputed(STATISTICS))
            message("the statistics of an evaluation are left out: not done within " + STATISTICS.toMinutes() + " min");
        Audit audit = Audit.of(events);
        Map<String, Object> row = EndRow.of(audit, clock.seconds(), reason);
        row.put("spilledGroups", spilled.groups());
        row.put("spilledTokens", spilled.tokens());
        row.put("continuedGroups", spilling.continued().groups());
        row.put("continuedTokens", spilling.continued().tokens());
        listeners.postAndWait(l -> {
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
