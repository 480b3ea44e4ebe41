package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.RewardBreakdown;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A verifier's connection to the driver. Its idle time is that of the maths thread, which most groups take. */
final class VerifierLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VerifierLink.class);
    private static final int MATHS_AT_ONCE = 4;
    private static final Duration MORE = Duration.ofSeconds(10); // than a program may take
    private static final Duration POLL = Duration.ofSeconds(1);

    private final DriverLink driver;
    private final Background background;
    private final GroupProgress progress;
    private final IdleMeter idle = new IdleMeter(System::nanoTime);
    private final Activity activity = new Activity();
    private final Heartbeat heartbeat;
    private volatile boolean stop;

    VerifierLink(RunPlan plan, Holder me) {
        driver = new DriverLink(plan, me);
        progress = new GroupProgress(
                System::nanoTime, plan.config().rewards().longestProgramTime().plus(MORE));
        background = new Background(me.name());
        heartbeat = new Heartbeat(driver, activity, List::of);
    }

    /** Runs a loop on a thread of its own. */
    void startThread(String name, Runnable loop) {
        background.run(background.thread(name), loop);
    }

    boolean stopped() {
        background.check();
        return stop || Thread.currentThread().isInterrupted();
    }

    /** A group to score; {@code step} is the one that it was leased for, 0 for a group of an evaluation. */
    record Task(Group group, int step) {}

    /** Groups to score; none when a second went by without any. */
    List<Task> take(Kind kind) {
        if (kind == Kind.CODE) return fetch(kind, 1);
        return activity.waits("waits for groups", () -> idle.waiting(() -> fetch(kind, MATHS_AT_ONCE)));
    }

    private List<Task> fetch(Kind kind, int most) {
        Sink.Memory answer = driver.fetch(Messages.SCORE, new Messages.Score(driver.me(), kind, most, idle.pulse()));
        Messages.ToScore head = answer.head(Messages.ToScore.class);
        if (head.stop()) stop = true;
        if (head.steps().isEmpty()) return List.of();
        List<Group> groups = GroupArrow.fromBytes(answer.bytes());
        return IntStream.range(0, groups.size())
                .mapToObj(i -> new Task(groups.get(i), head.steps().get(i)))
                .toList();
    }

    /** Scores a group and sends the rewards. A verifier that throws is our own failure: no completion gets a reward. */
    void reward(Task task, GroupVerifier verifier) {
        Group group = task.group();
        boolean maths = group.problem().kind() == Kind.MATH; // scored by the thread whose activity is told
        if (maths) activity.computes("scores group " + group.id());
        else progress.begin(group.id());
        List<RewardBreakdown> rewards;
        try {
            rewards = verifier.score(group, task.step(), () -> {
                progress.note(group.id());
                if (maths) activity.moved();
            });
        } catch (RuntimeException e) {
            LOG.error("group {} cannot be scored", group.id(), e);
            rewards = Collections.nCopies(
                    group.completions().size(), RewardBreakdown.unscored("the verifier failed: " + e, 0));
        }
        Messages.Scored scored = new Messages.Scored(driver.me(), group.id(), rewards);
        Runnable send = () -> driver.ask(Messages.SCORED, scored, Messages.Done.class);
        if (maths) activity.waits("reports rewards", send);
        else send.run();
        progress.end(group.id());
    }

    /** Waits a second, then reports the groups that made progress or may still do so. Others are left out: they may hang. */
    void reportProgress() {
        List<Long> groups = progress.take(POLL);
        if (!groups.isEmpty())
            driver.ask(Messages.WORKING, new Messages.Working(driver.me(), groups), Messages.Done.class);
    }

    @Override
    public void close() {
        stop = true;
        heartbeat.close();
        activity.close();
        background.close();
        driver.close();
    }
}
