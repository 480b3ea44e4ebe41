package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.source.ProblemSources;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Numerics;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rewards.Verifiers;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rooms of the program. The tokenizer's files travel with it, so that generators need no file of the driver's machine;
 * the model's weights come from the trainer.
 */
public final class ModelRooms implements Rooms {
    private final Config config;
    private final String model;
    private final TokenizerFiles tokenizer;

    /** Reads the tokenizer; {@code model} is the folder that training starts from. */
    public ModelRooms(Config config, Path model) {
        this.config = config;
        this.model = model.toString();
        this.tokenizer = TokenizerFiles.of(model);
    }

    @Override
    public Prompts prompts() {
        return new Prompts(
                ProblemSources.open(config.data(), false, config.seed()),
                ProblemSources.open(config.data(), true, config.seed()),
                ChatTemplates.named(
                        config.data().chat(),
                        config.data().systemPrompt(),
                        tokenizer,
                        config.data().day()),
                openTokenizer(),
                config.rollout().groupSize(),
                config.rollout().maxPromptTokens());
    }

    private Tokenizer openTokenizer() {
        return new HuggingFaceTokenizer(tokenizer);
    }

    private Path tokenizerJson() {
        try {
            Path folder = Files.createTempDirectory("tramontane-tokenizer");
            folder.toFile().deleteOnExit();
            Path json = tokenizer.write(folder);
            for (String name : tokenizer.files().keySet())
                folder.resolve(name).toFile().deleteOnExit();
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the tokenizer", e);
        }
    }

    @Override
    public Sampler sampler(WeightSnapshot weights) {
        return sampler(weights, config.rollout());
    }

    @Override
    public Sampler evaluator(WeightSnapshot weights) {
        return sampler(weights, config.evaluation().sampling(config.rollout()));
    }

    private Sampler sampler(WeightSnapshot weights, RolloutConfig rollout) {
        ComputeThread.prepare();
        Tokenizer tokens = openTokenizer();
        return new GeneratorSampler(new Generator(weights, tokens, rollout, config.seed()), tokens);
    }

    @Override
    public Scorer scorer() {
        Thoughts thoughts = thoughts();
        Verifiers verifiers = Verifiers.open(config.rewards().withThinkTags(thoughts.tags()), config.seed());
        return new Scorer() {
            @Override
            public List<RewardBreakdown> score(Group group) {
                return score(group, () -> {});
            }

            @Override
            public List<RewardBreakdown> score(Group group, Runnable moved) {
                List<String> texts = group.completions().stream()
                        .map(c -> thoughts.whole(c.text()))
                        .toList();
                int[] lengths =
                        group.completions().stream().mapToInt(c -> c.length()).toArray();
                return verifiers.score(
                        group.problem(),
                        EvaluationIds.scored(group),
                        sampledFor(group),
                        new Verifiers.Written(texts, lengths),
                        moved);
            }

            @Override
            public void close() {
                verifiers.close();
            }
        };
    }

    /** How thoughts are marked, and whether the chat template opens them. */
    public Thoughts thoughts() {
        return Thoughts.of(
                config.data().chat(),
                tokenizer,
                config.data().day(),
                config.rewards().thinkTags());
    }

    /** The step after the version that drew the group's first token, as if training were synchronous. */
    static int sampledFor(Group group) {
        return 1
                + group.completions().stream()
                        .filter(c -> c.length() > 0)
                        .mapToInt(Completion::oldestVersion)
                        .min()
                        .orElse(0);
    }

    @Override
    public Learner learner(String checkpoint) {
        ComputeThread.prepare();
        double temperature = config.rollout().temperature();
        Numerics numerics = config.rollout().numerics();
        Trainer trainer = checkpoint == null
                ? Trainer.fresh(Checkpoint.read(Path.of(model), 0), config.trainer(), temperature, numerics)
                : Trainer.restore(Path.of(checkpoint), config.trainer(), temperature, numerics);
        return new TrainerLearner(trainer, tokenizerJson());
    }
}
