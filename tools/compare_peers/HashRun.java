package io.tramontane.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.ModelRoleFactory;
import io.tramontane.cluster.roles.Prompts;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Group;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.trainer.BatchTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A training run whose reward is a hash of the tokens, so that every group has a signal whatever the model says. Prints the seconds
 * of a step, its completions a second and their mean length, after the first two steps, as one JSON line.
 *
 * <pre>HashRun MODEL RUN PROMPTS COMPLETIONS GROUP TOKENS STEPS PROMPT_TOKENS [KEY=VALUE ...]</pre>
 */
public final class HashRun implements RunListener {
    private static final int UNMEASURED = 2;

    private final List<Map<String, Object>> rows = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[0]);
        Path run = Path.of(arguments[1]);
        int completions = Integer.parseInt(arguments[3]);
        int group = Integer.parseInt(arguments[4]);
        int tokens = Integer.parseInt(arguments[5]);
        List<String> sets = new ArrayList<>(List.of(
                "model=" + model,
                "rollout.groupSize=" + group,
                "rollout.slots=" + completions,
                "rollout.maxTokens=" + tokens,
                "rollout.maxPromptTokens=" + (Integer.parseInt(arguments[7]) + 8),
                "rewards.maxLength=" + tokens,
                "rewards.lengthCache=1",
                "trainer.batchSize=" + completions,
                "trainer.minibatchSize=" + completions,
                "trainer.steps=" + arguments[6],
                "trainer.minutes=0",
                "trainer.checkpointEvery=1000",
                "trainer.optimizer.learningRate=1e-6",
                "evaluation.problems=0",
                "cluster.maxLag=3"));
        sets.addAll(Arrays.asList(arguments).subList(8, arguments.length));
        Config config = ConfigReader.read(Config.defaults(), Optional.empty(), sets);
        delete(run);
        HashRun heard = new HashRun();
        RoleFactory roles = new Roles(
                new ModelRoleFactory(config, model), new Texts(Path.of(arguments[2])), model.toString(), config);
        TrainRun.run(
                config,
                RunFolder.create(new RunFolder(run)),
                false,
                "local[*]",
                new TrainRun.Setup(roles, Checkpoint.config(model), heard));
        delete(run);
        System.out.println(new ObjectMapper().writeValueAsString(heard.found(completions)));
    }

    private static void delete(Path folder) throws Exception {
        if (!Files.exists(folder)) return;
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        for (int i = all.size() - 1; i >= 0; i--) Files.delete(all.get(i));
    }

    @Override
    public void train(Map<String, Object> row) {
        rows.add(row);
    }

    private Map<String, Object> found(int completions) {
        double[] seconds = rows.stream()
                .skip(UNMEASURED)
                .mapToDouble(row -> (double) row.get("seconds"))
                .sorted()
                .toArray();
        int half = seconds.length / 2;
        double median = seconds.length % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2;
        double tokens =
                rows.stream().mapToLong(row -> (long) row.get("completionTokens")).sum();
        return new TreeMap<>(Map.of(
                "seconds", median,
                "completions", completions / median,
                "length", tokens / rows.size() / completions));
    }

    /** The texts of a file, over and over. */
    private static final class Texts implements ProblemSource {
        private final List<String> texts = new ArrayList<>();

        Texts(Path file) throws Exception {
            for (JsonNode prompt : new ObjectMapper().readTree(file.toFile()))
                texts.add(prompt.get("text").asText());
        }

        @Override
        public Problem get(long index) {
            return Problem.math("p" + index, "en", texts.get((int) (index % texts.size())), "0", Map.of());
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(texts.size());
        }
    }

    /** What the program builds, with prompts as they are and another reward. */
    private record Roles(RoleFactory roles, Texts texts, String model, Config config) implements RoleFactory {
        @Override
        public ComputeDevice device() {
            return roles.device();
        }

        @Override
        public RoleFactory on(ComputeDevice device) {
            return new Roles(roles.on(device), texts, model, config);
        }

        @Override
        public Prompts prompts() {
            Prompts.Training training =
                    new Prompts.Training(texts, config.rollout().groupSize(), config.rollout().maxTokens());
            return new Prompts(
                    new TreeMap<>(Map.of(1, training)),
                    texts,
                    problem -> MarkedText.foreign(problem.statement()),
                    new HuggingFaceTokenizer(TokenizerFiles.of(Path.of(model))),
                    config.rollout().maxPromptTokens());
        }

        @Override
        public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
            return roles.generator(weights, tokenizer);
        }

        @Override
        public GroupGenerator evaluator(WeightSnapshot weights, Tokenizer tokenizer) {
            return roles.evaluator(weights, tokenizer);
        }

        @Override
        public GroupVerifier verifier() {
            return new Hash();
        }

        @Override
        public BatchTrainer trainer(String checkpoint, Collectives ranks) {
            return roles.trainer(checkpoint, ranks);
        }

        @Override
        public Path tokenizerJson() {
            return roles.tokenizerJson();
        }
    }

    /** By the sum of the tokens: those of a group are practically never all equal, so no group is dropped. */
    private static final class Hash implements GroupVerifier {
        @Override
        public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
            return group.completions().stream()
                    .map(completion -> Arrays.stream(completion.tokens()).sum() % 97 / 97.0)
                    .map(hash -> new RewardBreakdown(
                            0, hash, 0, 0, hash > 0.5 ? Verdict.CORRECT : Verdict.WRONG, "", "", List.of(), 0))
                    .toList();
        }

        @Override
        public void close() {}
    }
}
