package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.LedgerListener;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records the rewards of every group, and ends a run that cannot be trained with its rewards. */
final class ScoreRecorder implements LedgerListener {
    private static final Logger LOG = LoggerFactory.getLogger(ScoreRecorder.class);

    /** Where the recorder reports to. */
    record Outlets(StepWindow window, RunEvaluations evaluations, TrainingClock clock) {}

    private final Outlets outlets;
    private final UnscoredWatch unscored;
    private final SignalWatch signals;
    private final Consumer<String> warn;
    private final Consumer<String> fail;
    private boolean differs;

    /**
     * Nothing scored yet.
     *
     * @param warn takes what the user must see
     * @param fail takes why the run must end
     */
    ScoreRecorder(ClusterConfig config, Outlets outlets, Consumer<String> warn, Consumer<String> fail) {
        this.outlets = outlets;
        this.unscored = new UnscoredWatch(config.maxUnscoredGroups());
        this.signals = new SignalWatch(config.maxGroupsWithoutSignal());
        this.warn = warn;
        this.fail = fail;
    }

    @Override
    public void judged(Group group, List<RewardBreakdown> rewards) {
        outlets.window().judged(rewards);
        unscored.judged(rewards).ifPresent(fail);
        List<RewardBreakdown> without =
                rewards.stream().filter(reward -> reward.reward().isEmpty()).toList();
        if (without.isEmpty()) return;
        LOG.warn(
                "group {}: {} of {} completions UNSCORED: {}",
                group.id(),
                without.size(),
                rewards.size(),
                without.get(0).reason());
        if (rewards.size() - without.size() >= 2) return;
        signals.unscored();
        signals.exhausted().ifPresent(fail);
    }

    @Override
    public void scored(ScoredGroup group, boolean kept) {
        outlets.clock().groupScored();
        outlets.window().scored(group, kept);
        signals.scored(group, kept).filter(warning -> !unscored.failing()).ifPresent(warn);
        signals.exhausted().ifPresent(fail);
    }

    @Override
    public void evaluated(Group group, List<RewardBreakdown> rewards) {
        unscored.judged(rewards).ifPresent(fail);
        outlets.evaluations().scored(group, rewards);
    }

    @Override
    public void poisoned(long group, String problem, Holder holder) {
        warn.accept("group " + group + (problem.isEmpty() ? "" : " (problem " + problem + ")")
                + " is set aside as poisoned: " + holder.name()
                + " ended three times with it, twice while it had only this one");
    }

    @Override
    public void notCompared(int step) {
        if (differs) return;
        differs = true;
        warn.accept("step " + step
                + ", made again, has other weights than before: that proves nothing, since device, ranks, "
                + "program or trainer settings are not those of the first time");
    }

    /** How many groups were scored, how many of them can be trained on, and how many could not be scored. */
    String summary() {
        return signals.summary() + unscored.summary();
    }
}
