package io.tramontane.cluster.config;

import io.tramontane.data.ThinkTags;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Dtype;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.TrainerConfig;
import java.io.Serializable;

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
        ReportConfig report)
        implements Serializable {
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
        if (!data.systemPrompt().isEmpty()
                && ChatTemplates.NAMES.contains(data.chat())
                && !ChatTemplates.hasSystemPrompt(data.chat()))
            throw new IllegalArgumentException("data.systemPrompt: data.chat " + data.chat()
                    + " has no system prompt, allowed with magistral, model, model-tokens");
        if (rollout.batchInvariant() && trainer.dtype() == Dtype.BFLOAT16)
            throw new IllegalArgumentException(
                    "trainer.dtype bfloat16 with rollout.batchInvariant true, allowed float32: only its bits are the same");
        if (trainer.keepBestCheckpoint()) checkBest(trainer, evaluation);
        if (rollout.topP() != 1)
            throw new IllegalArgumentException("rollout.topP " + rollout.topP() + ", training needs 1");
        if (!(rollout.temperature() > 0))
            throw new IllegalArgumentException("rollout.temperature " + rollout.temperature() + ", training needs > 0");
        ChatTemplates.thinkTags(data.chat()).ifPresent(asked -> checkMarks(data.chat(), asked, rewards.thinkTags()));
        rewards.lengthSchedule().keySet().forEach(from -> checkReach(rewards, rollout, Integer.parseInt(from)));
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

    private static void checkReach(RewardConfig rewards, RolloutConfig rollout, int from) {
        if (rewards.maxLengthAt(from) > rollout.maxTokens())
            throw new IllegalArgumentException("rewards.lengthSchedule." + from + ".maxLength "
                    + rewards.maxLengthAt(from) + " > rollout.maxTokens " + rollout.maxTokens()
                    + ": completions would be cut before they reach it");
    }

    /** The same with other data. */
    public Config with(DataConfig other) {
        return new Config(seed, model, other, rollout, rewards, trainer, evaluation, cluster, report);
    }

    /** The same with another evaluation. */
    public Config with(EvaluationConfig other) {
        return new Config(seed, model, data, rollout, rewards, trainer, other, cluster, report);
    }

    /** What the trainer is told: its room, and L of a loss of constant length where that is the longest completion. */
    public TrainerConfig trainerOfRun() {
        return trainer.with(trainer.loss().withConstantLength(rollout.maxTokens()));
    }

    /** Optimizer steps of the whole run, if no limit of time ends it. */
    public long updates() {
        return (long) trainer.steps() * trainer.updatesPerStep();
    }

    /** Groups per batch. */
    public int groupsPerBatch() {
        return trainer.batchSize() / rollout.groupSize();
    }
}
