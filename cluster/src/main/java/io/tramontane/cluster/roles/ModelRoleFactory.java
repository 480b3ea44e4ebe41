package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.files.Storage;
import io.tramontane.cluster.files.StoredDataFiles;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.TemporaryFolders;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Sharding;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rewards.Verifiers;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.ProblemGroups;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.Computation;
import io.tramontane.trainer.Trainer;
import io.tramontane.trainer.TrainerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.util.Utils;

/**
 * The roles of the program. The tokenizer's files travel with it, so that generators need no file of the driver's machine;
 * the model's weights come from the trainer.
 */
public final class ModelRoleFactory implements RoleFactory {
    private final Config config;
    private final String model;
    private final TokenizerFiles tokenizerFiles;
    private final ComputeDevice device;

    /** Reads the tokenizer; {@code model} is the folder that training starts from. Computes on the CPU. */
    public ModelRoleFactory(Config config, Path model) {
        this(config, model.toString(), TokenizerFiles.of(model), ComputeDevice.CPU);
    }

    private ModelRoleFactory(Config config, String model, TokenizerFiles tokenizerFiles, ComputeDevice device) {
        this.config = config;
        this.model = model;
        this.tokenizerFiles = tokenizerFiles;
        this.device = device;
    }

    @Override
    public ComputeDevice device() {
        return device;
    }

    @Override
    public RoleFactory on(ComputeDevice other) {
        other.check("a task on " + Utils.localHostName());
        return new ModelRoleFactory(config, model, tokenizerFiles, other);
    }

    @Override
    public Prompts prompts() {
        return new Prompts(
                training(),
                StoredDataFiles.PROBLEMS.open(config.data(), true, config.seed()),
                ChatTemplates.named(
                        config.data().chat(),
                        config.data().systemPrompt(),
                        tokenizerFiles,
                        config.data().day()),
                new HuggingFaceTokenizer(tokenizerFiles),
                config.rollout().maxPromptTokens());
    }

    /** Stages of the same problems share their source. */
    private NavigableMap<Integer, Prompts.Training> training() {
        Map<DataConfig, ProblemSource> sources = new HashMap<>();
        NavigableMap<Integer, Prompts.Training> stages = new TreeMap<>();
        config.stages()
                .forEach((step, stage) -> stages.put(
                        step,
                        new Prompts.Training(
                                sources.computeIfAbsent(
                                        stage.data(),
                                        data -> StoredDataFiles.PROBLEMS.open(data, false, config.seed())),
                                stage.rollout().groupSize(),
                                stage.rollout().maxTokens())));
        return stages;
    }

    @Override
    public Path tokenizerJson() {
        try {
            Path folder = TemporaryFolders.create("tokenizer").path();
            folder.toFile().deleteOnExit();
            Path json = tokenizerFiles.write(folder);
            for (String name : tokenizerFiles.files().keySet())
                folder.resolve(name).toFile().deleteOnExit();
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the tokenizer", e);
        }
    }

    @Override
    public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
        return generator(weights, tokenizer, config.rolloutOfAllStages());
    }

    @Override
    public GroupGenerator evaluator(WeightSnapshot weights, Tokenizer tokenizer) {
        return generator(weights, tokenizer, config.evaluation().sampling(config.rolloutOfAllStages()));
    }

    private GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer, RolloutConfig rollout) {
        ComputeThread.prepare();
        return new ProblemGroups(Generator.on(device, weights, tokenizer, rollout, config.seed()));
    }

    @Override
    public GroupVerifier verifier() {
        Thoughts thoughts = thoughts();
        Verifiers verifiers = Verifiers.open(config.rewardsOfAllStages().withThinkTags(thoughts.tags()), config.seed());
        return new GroupVerifier() {
            @Override
            public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
                List<String> texts = group.completions().stream()
                        .map(c -> thoughts.whole(c.text()))
                        .toList();
                int[] lengths =
                        group.completions().stream().mapToInt(c -> c.length()).toArray();
                List<int[]> marks = new ArrayList<>();
                group.completions().forEach(c -> marks.add(thoughts.wholeMarks(c.marks())));
                return verifiers.score(
                        group.problem(),
                        EvaluationIds.scored(group),
                        step == 0 ? sampledFor(group) : step,
                        new Verifiers.Written(texts, lengths, marks),
                        progress);
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
                tokenizerFiles,
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
    public BatchTrainer trainer(String checkpoint, Collectives ranks) {
        ComputeThread.prepare();
        Computation computation =
                new Computation(config.rollout().temperature(), config.rollout().numerics(), device, ranks);
        TrainerConfig trainer = config.trainerOfRun();
        if (checkpoint != null) return Trainer.restore(Storage.path(checkpoint), trainer, computation, Path.of(model));
        WeightSnapshot weights = Checkpoint.read(Path.of(model), 0, new Sharding(trainer.shard(), ranks));
        return Trainer.fresh(weights, trainer, computation, config.seed());
    }
}
