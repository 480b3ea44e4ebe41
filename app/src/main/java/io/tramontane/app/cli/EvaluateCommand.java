package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.evaluation.EvaluatedProblem;
import io.tramontane.cluster.evaluation.Evaluation;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.files.StoredDataFiles;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Group;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.Problem;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.data.source.DataSet;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.Verifiers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a model on problems with known answers. */
@Command(
        name = "evaluate",
        description = "pass@1, pass@k and maj@k with 95 %% confidence intervals, by language, source and level.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "One sample per problem is greedy; more, and any of a Magistral model, are sampled at temperature 0.7, top-p",
            "0.95, unless the flags say otherwise. With --samples-out a killed evaluation continues from its samples.",
            "Examples: tramontane evaluate --model builtin:tiny --problems gym --samples 8 --out numbers.json",
            "          tramontane evaluate --run runs/2026-01-31-tiny"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final int GYM_PROBLEMS = 256;
    private static final EvaluationConfig SAMPLED = EvaluationConfig.magistral();

    @Mixin
    private SamplingOptions sampling;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "evaluates as this training run does: its held-out problems, template, seed, sampling and rewards."
                            + " --model is then its last checkpoint, and every other flag may change one thing")
    private RunFolder run;

    private LocalCopy checkpoint;

    @Option(
            names = "--problems",
            paramLabel = "FILE",
            description = "problems, a data set that an adapter reads, or gym (its held-out half)")
    private String problems;

    @Option(
            names = "--gym",
            paramLabel = "KEY=VALUE",
            description =
                    "changes one value of data.gym where the problems are the gym's, e.g. codeShare=1; may be repeated")
    private List<String> gym = List.of();

    @Option(names = "--count", paramLabel = "N", description = "problems from the gym (default 256) or of the run")
    private Integer count;

    @Option(names = "--samples", paramLabel = "N", description = "completions per problem (default 1)")
    private Integer samples;

    @Option(names = "--temperature", paramLabel = "T", description = "divides the logits, 0 is greedy")
    private Double temperature;

    @Option(names = "--top-p", paramLabel = "P", description = "nucleus, 0 to 1")
    private Double topP;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "overrides one value of the reward's config, as for score, e.g. tests=10")
    private List<String> sets = List.of();

    @Option(
            names = "--samples-out",
            paramLabel = "FILE",
            description =
                    "keeps the samples; if the file holds some of this very evaluation, they are not sampled again")
    private Path journal;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "writes all numbers and the verdict on every sample as one JSON object (.gz compresses)")
    private String out;

    @Option(
            names = "--free-form",
            description =
                    "also judges the answers of models that do not think in marks; without it they fail the format gate, as in"
                            + " training")
    private boolean freeForm;

    @Option(names = "--json", description = "prints the numbers as one JSON object instead of tables")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            return evaluate();
        } finally {
            if (checkpoint != null) checkpoint.close();
        }
    }

    private int evaluate() {
        checkOutputs();
        Optional<Config> ofRun = run == null ? Optional.empty() : Optional.of(runConfig());
        List<Problem> problems = problems(ofRun);
        RewardConfig configured = rewards(ofRun);
        Thoughts thoughts = sampling.thoughts(configured.thinkTags(), freeForm);
        thoughts.note().ifPresent(line -> spec.commandLine().getErr().println(line));
        RewardConfig rewards = configured.withThinkTags(thoughts.tags());
        SamplingPlan.Parameters parameters = parameters(ofRun.map(Config::evaluation));
        SamplingPlan plan = sampling.plan(Prompt.of(problems, sampling.template()), parameters);
        if (out != null)
            new Output("--out", out).replaces().ifPresent(spec.commandLine().getErr()::println);
        EvaluationSettings settings = EvaluationSettings.of(plan, sampling, problems);
        try (AtomicText file = out == null ? null : AtomicText.open(out)) {
            Group[] groups = sample(plan, problems, settings);
            Evaluation evaluation = new Evaluation(verdicts(groups, rewards, thoughts));
            EvaluationTable table = new EvaluationTable(evaluation, settings, sampling.model(), freeForm);
            if (file != null) {
                file.line(table.everything());
                file.commit();
                spec.commandLine().getErr().println("all numbers and verdicts in " + out);
            }
            PrintWriter printed = spec.commandLine().getOut();
            printed.print(json ? table.json() + "\n" : table.text());
            printed.flush();
        }
        return Tramontane.DONE;
    }

    private void checkOutputs() {
        List<String> inputs = new ArrayList<>();
        if (problems != null && !problems.equals("gym")) inputs.add(problems);
        if (journal != null) inputs.add(journal.toString());
        if (out != null) new Output("--out", out).checkFile(inputs);
        if (journal != null)
            new Output("--samples-out", journal.toString()).checkFile(problems == null ? List.of() : List.of(problems));
    }

    /** The config of the run: it gives every value that no flag sets. */
    private Config runConfig() {
        Config config = RunSettings.config(run, spec.commandLine().getErr());
        sampling.asIn(config, () -> {
            checkpoint = LocalCopy.of(run.checkpoint(run.latestCheckpoint()
                    .orElseThrow(() -> new BadInputException(
                            run.checkpoints().name() + ": holds no checkpoint, name one with --model"))));
            return checkpoint.path().toString();
        });
        return config;
    }

    /** The run's config; without a run a program runs on all of its tests, while training samples some. */
    private RewardConfig rewards(Optional<Config> ofRun) {
        List<String> all = new ArrayList<>();
        if (ofRun.isEmpty()) all.add("tests=" + Integer.MAX_VALUE);
        all.addAll(sets);
        RewardConfig rewards =
                ConfigReader.read(ofRun.map(Config::rewards).orElse(RewardConfig.defaults()), Optional.empty(), all);
        rewards.checkClasses();
        return rewards;
    }

    private SamplingPlan.Parameters parameters(Optional<EvaluationConfig> ofRun) {
        int n = samples != null ? samples : ofRun.map(EvaluationConfig::samples).orElse(1);
        boolean asInRun = ofRun.isPresent() && (n == 1 || ofRun.get().temperature() > 0);
        boolean greedy = n == 1 && !sampling.isMagistral();
        double chosenTemperature = asInRun ? ofRun.get().temperature() : greedy ? 0 : SAMPLED.temperature();
        double chosenTopP = asInRun ? ofRun.get().topP() : greedy ? 1 : SAMPLED.topP();
        if (temperature != null) chosenTemperature = temperature;
        if (n > 1 && chosenTemperature == 0)
            throw new BadInputException("--samples " + n + " at --temperature 0 are all the same");
        return new SamplingPlan.Parameters(n, chosenTemperature, topP != null ? topP : chosenTopP);
    }

    private List<Problem> problems(Optional<Config> ofRun) {
        if (count != null && count < 1) throw new BadInputException("--count " + count + ", allowed >= 1");
        if (problems == null && ofRun.isEmpty())
            throw new BadInputException("Missing required option: '--problems=FILE' (or --run DIR)");
        if (problems != null && !problems.equals("gym")) {
            if (!gym.isEmpty())
                throw new BadInputException("--gym " + gym.get(0) + ": --problems " + problems + " names a file");
            DataSet data = StoredDataFiles.PROBLEMS.read("--problems", problems);
            if (!data.mapping().isEmpty()) spec.commandLine().getErr().println(problems + ": " + data.text());
            return data.problems();
        }
        DataConfig data =
                problems == null ? ofRun.get().data() : new DataConfig("gym", "gym", "tiny", GymConfig.defaults());
        if (!gym.isEmpty()) data = data.withGym(ConfigReader.read(data.gym(), Optional.empty(), gym));
        int most = ofRun.map(config -> config.evaluation().problems())
                .filter(some -> some > 0)
                .orElse(GYM_PROBLEMS);
        return RunSettings.heldOut(data, sampling.seed(), count != null ? count : most);
    }

    private Group[] sample(SamplingPlan plan, List<Problem> problems, EvaluationSettings settings) {
        Group[] groups = new Group[problems.size()];
        PrintWriter err = spec.commandLine().getErr();
        try (SampleJournal kept = SampleJournal.open(journal, settings.identity(), problems);
                Bar bar = Bar.of("sample", problems.size(), err)) {
            int before = kept.groups().size();
            if (before > 0) err.println(before + " of " + groups.length + " problems were sampled by an earlier run");
            kept.groups().forEach((index, group) -> groups[index] = group);
            bar.to(before);
            sampling.sample(plan, index -> groups[(int) index] == null, group -> {
                groups[(int) group.id()] = group;
                kept.add(group);
                bar.step();
            });
        }
        return groups;
    }

    private List<EvaluatedProblem> verdicts(Group[] groups, RewardConfig rewards, Thoughts thoughts) {
        try (Verifiers verifiers = Verifiers.open(rewards, sampling.seed());
                Bar bar = Bar.of("verify", groups.length, spec.commandLine().getErr())) {
            boolean code = Arrays.stream(groups).anyMatch(g -> g.problem().kind() == Problem.Kind.CODE);
            if (code && !verifiers.codeAvailable())
                spec.commandLine()
                        .getErr()
                        .println("warning: programs are not judged: " + verifiers.codeUnavailableReason());
            Verdicts verdicts = new Verdicts(verifiers, thoughts, freeForm);
            return Arrays.stream(groups)
                    .parallel()
                    .map(group -> {
                        EvaluatedProblem verdict = verdicts.of(group);
                        bar.step();
                        return verdict;
                    })
                    .toList();
        }
    }
}
