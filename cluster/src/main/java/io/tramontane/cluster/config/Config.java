package io.tramontane.cluster.config;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Dtype;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.CorrectionRule;
import io.tramontane.trainer.loss.LossConfig;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The configuration of a training run, one tree. Files and {@code --set} override by path ({@code
 * trainer.loss.clipHigh=0.3}).
 *
 * @param seed of problems and sampling
 * @param model folder of a Hugging Face checkpoint, a GGUF file, or "builtin:tiny" for the cold start that ships with the
 *     program
 * @param data where problems come from and how they become prompts
 * @param rollout how completions are sampled
 * @param rewards what a completion is paid for
 * @param trainer how a batch becomes a new policy version
 * @param evaluation scoring of held-out problems inside the run
 * @param cluster how many of each role, and how far they may run apart
 * @param report what is written for other programs that show runs
 * @param plan what a dry run is told about the machines and lengths that it plans for, see docs/plan.md
 * @param schedule from which step on which keys have other values, see docs/schedule.md
 */
public record Config(
        long seed,
        String model,
        DataConfig data,
        RolloutConfig rollout,
        RewardConfig rewards,
        TrainerConfig trainer,
        EvaluationConfig evaluation,
        ClusterConfig cluster,
        ReportConfig report,
        PlanConfig plan,
        List<Stage> schedule)
        implements Serializable {
    /** How much more than others an int8 generator may differ from the trainer. */
    private static final double INT8_MISMATCH = 50;

    /** The same numbers from the first step to the last, and nothing for a dry run. */
    public Config(
            long seed,
            String model,
            DataConfig data,
            RolloutConfig rollout,
            RewardConfig rewards,
            TrainerConfig trainer,
            EvaluationConfig evaluation,
            ClusterConfig cluster,
            ReportConfig report) {
        this(
                seed,
                model,
                data,
                rollout,
                rewards,
                trainer,
                evaluation,
                cluster,
                report,
                PlanConfig.defaults(),
                List.of());
    }

    /** Every room's defaults. */
    public static Config defaults() {
        return new Config(
                1,
                "builtin:tiny",
                DataConfig.defaults(),
                RolloutConfig.defaults(),
                RewardConfig.defaults(),
                TrainerConfig.defaults(),
                EvaluationConfig.defaults(),
                ClusterConfig.defaults(),
                ReportConfig.defaults());
    }

    /** Checks values of different records against each other. */
    public Config {
        if (trainer.batchSize() % rollout.groupSize() != 0)
            throw new IllegalArgumentException("trainer.batchSize " + trainer.batchSize()
                    + " must be a multiple of rollout.groupSize " + rollout.groupSize());
        if (trainer.minibatchSize() % rollout.groupSize() != 0)
            throw new IllegalArgumentException("trainer.minibatchSize " + trainer.minibatchSize()
                    + " must be a multiple of rollout.groupSize " + rollout.groupSize() + ": groups stay whole");
        ChatTemplates.checkSystemPrompt("data.systemPrompt", data.systemPrompt(), "data.chat", data.chat());
        if (rollout.batchInvariant() && trainer.dtype() == Dtype.BFLOAT16)
            throw new IllegalArgumentException(
                    "trainer.dtype bfloat16 with rollout.batchInvariant true, allowed float32: only its bits are the same");
        if (rollout.dtype() == Dtype.INT8 && cluster.device() == DeviceChoice.GPU)
            throw new IllegalArgumentException("rollout.dtype int8 with cluster.device gpu, allowed float32, bfloat16");
        if (trainer.keepBestCheckpoint()) checkBest(trainer, evaluation);
        if (rollout.topP() != 1)
            throw new IllegalArgumentException("rollout.topP " + rollout.topP() + ", training needs 1");
        if (!(rollout.temperature() > 0))
            throw new IllegalArgumentException("rollout.temperature " + rollout.temperature() + ", training needs > 0");
        ChatTemplates.thinkTags(data.chat()).ifPresent(asked -> checkMarks(data.chat(), asked, rewards.thinkTags()));
        schedule = List.copyOf(schedule);
        if (!schedule.isEmpty() || !rewards.lengthSchedule().isEmpty())
            checkStages(
                    new Config(
                            seed,
                            model,
                            data,
                            rollout,
                            rewards.withLengthSchedule(Map.of()),
                            trainer,
                            evaluation,
                            cluster,
                            report,
                            plan,
                            List.of()),
                    rewards.lengthSchedule(),
                    schedule);
    }

    private static void checkStages(Config base, Map<String, Map<String, Integer>> lengths, List<Stage> schedule) {
        try {
            Schedule.stages(base, lengths, schedule);
        } catch (BadInputException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** What is evaluated must have been saved. */
    private static void checkBest(TrainerConfig trainer, EvaluationConfig evaluation) {
        if (evaluation.problems() == 0)
            throw new IllegalArgumentException(
                    "trainer.keepBestCheckpoint true with evaluation.problems 0: nothing says which is the best");
        if (evaluation.everySteps() % trainer.checkpointEvery() != 0)
            throw new IllegalArgumentException("trainer.keepBestCheckpoint true with evaluation.everySteps "
                    + evaluation.everySteps() + ": allowed are multiples of trainer.checkpointEvery "
                    + trainer.checkpointEvery() + ", so that every evaluated step has a checkpoint");
    }

    /** The gate must look for what the prompt asks for, or every reward is 0. */
    private static void checkMarks(String chat, ThinkTags asked, ThinkTags set) {
        if (set.or(asked) != asked)
            throw new IllegalArgumentException("rewards.thinkTags " + set + ", but data.chat " + chat
                    + " asks the policy for " + asked.open() + ": allowed chat, " + asked);
    }

    /** The same with other data. */
    public Config with(DataConfig other) {
        return new Config(seed, model, other, rollout, rewards, trainer, evaluation, cluster, report, plan, schedule);
    }

    /** The same with another evaluation. */
    public Config with(EvaluationConfig other) {
        return new Config(seed, model, data, rollout, rewards, trainer, other, cluster, report, plan, schedule);
    }

    /** The same with other stages. */
    public Config with(List<Stage> other) {
        return new Config(seed, model, data, rollout, rewards, trainer, evaluation, cluster, report, plan, other);
    }

    /** The trees that the run has one after the other, by their first steps; without any schedule, one from step 1 on. */
    public NavigableMap<Integer, Config> stages() {
        Config base = new Config(
                seed,
                model,
                data,
                rollout,
                rewards.withLengthSchedule(Map.of()),
                trainer,
                evaluation,
                cluster,
                report,
                plan,
                List.of());
        return Schedule.stages(base, rewards.lengthSchedule(), schedule);
    }

    /** The tree of a step: with what all stages up to it have set. Groups are sampled, paid and trained by their step's. */
    public Config at(int step) {
        return stages().floorEntry(Math.max(1, step)).getValue();
    }

    /** What each stage sets, for a person, by its first step: {@code rollout.maxTokens 2048, trainer.batchSize 64}. */
    public NavigableMap<Integer, String> changes() {
        return Schedule.texts(rewards.lengthSchedule(), schedule);
    }

    /** The same without a value that stages set. */
    public Config withoutChangesOf(String path) {
        List<Stage> kept = schedule.stream()
                .filter(stage -> !stage.set().keySet().equals(Set.of(path)))
                .map(stage -> stage.without(path))
                .toList();
        return with(kept);
    }

    /** How a generator has to be laid out for all stages: for the longest completions of any. */
    public RolloutConfig rolloutOfAllStages() {
        return rollout.withMaxTokens(stages().values().stream()
                .mapToInt(stage -> stage.rollout().maxTokens())
                .max()
                .orElseThrow());
    }

    /** What verifiers pay in all stages: the length penalty knows its numbers by step. */
    public RewardConfig rewardsOfAllStages() {
        Map<String, Map<String, Integer>> lengths = new TreeMap<>();
        stages().forEach((step, stage) -> lengths.put(
                String.valueOf(step),
                Map.of(
                        "maxLength", stage.rewards().maxLength(),
                        "lengthCache", stage.rewards().lengthCache())));
        return rewards.withLengthSchedule(lengths);
    }

    /** What the trainer is told: its room, the correction, and L of a loss of constant length where that is the longest completion. */
    public TrainerConfig trainerOfRun() {
        return trainer.with(correctedLoss().withConstantLength(rollout.maxTokens()))
                .withThreads(trainerThreads());
    }

    /** {@code trainer.threads}, where one trainer with one thread an operator trains; others divide the work among themselves. */
    public int trainerThreads() {
        return cluster.trainers() > 1 || cluster.threads() > 1 ? 1 : trainer.threads();
    }

    /** The loss with the correction that generators of this type need, if the config leaves it to them. */
    public LossConfig correctedLoss() {
        return trainer.loss().withCorrection(rollout.dtype() == Dtype.INT8 ? CorrectionRule.TIS : CorrectionRule.NONE);
    }

    /** {@code cluster.maxMismatchKl} in float32 and bfloat16; rounding to int8 alone makes some 4e-3. */
    public double mismatchLimit() {
        return cluster.maxMismatchKl() * (rollout.dtype() == Dtype.INT8 ? INT8_MISMATCH : 1);
    }

    /**
     * The largest mean KL per token between generator and trainer that rounding explains, in nats: some 1e-11 is measured in
     * float32, 1e-4 in bfloat16, 4e-3 in int8. {@code auto} counts as bfloat16 with {@code cluster.device: gpu}.
     */
    public double expectedMismatch() {
        if (rollout.dtype() == Dtype.INT8) return 2e-2;
        return half(rollout.dtype()) || half(trainer.dtype()) ? 5e-4 : 1e-6;
    }

    private boolean half(Dtype dtype) {
        return dtype == Dtype.BFLOAT16
                || dtype == Dtype.AUTO && cluster.device() == DeviceChoice.GPU && !rollout.batchInvariant();
    }

    /** Optimizer steps of the whole run, if no limit of time ends it. */
    public long updates() {
        long updates = 0;
        int end = trainer.steps() + 1;
        for (Map.Entry<Integer, Config> stage : stages().descendingMap().entrySet()) {
            int from = Math.min(end, stage.getKey());
            updates += (long) (end - from) * stage.getValue().trainer().updatesPerStep();
            end = from;
        }
        return updates;
    }

    /** Groups per batch of the first stage. */
    public int groupsPerBatch() {
        return trainer.batchSize() / rollout.groupSize();
    }
}
