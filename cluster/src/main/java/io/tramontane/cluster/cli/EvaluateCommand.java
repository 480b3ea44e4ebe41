package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Completion;
import io.tramontane.data.DataConfig;
import io.tramontane.data.DataSets;
import io.tramontane.data.Group;
import io.tramontane.data.GymConfig;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.ProblemSources;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.Verifiers;
import io.tramontane.trainer.EvaluatedProblem;
import io.tramontane.trainer.Evaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How good a model is on problems with known answers. */
@Command(
        name = "evaluate",
        description = "pass@1, pass@k and maj@k with 95 %% confidence intervals, by language and level.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "One sample per problem is greedy; more, and any of a Magistral model, are drawn at temperature 0.7, top-p 0.95,",
            "unless the flags say otherwise. With --samples-out an interrupted evaluation goes on where it was.",
            "Example: tramontane evaluate --model runs/2026-01-31-tiny/checkpoints/step-000220 --problems gym --samples 8"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private SamplingOptions sampling;

    @Option(
            names = "--problems",
            required = true,
            paramLabel = "FILE",
            description = "problems, a data set that an adapter reads, or gym (its held-out half)")
    private String problems;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "256",
            description = "problems from the gym (default 256)")
    private int count;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "completions per problem (default 1)")
    private int samples;

    @Option(names = "--temperature", paramLabel = "T", description = "divides the logits, 0 is greedy")
    private Double temperature;

    @Option(names = "--top-p", paramLabel = "P", description = "nucleus, 0 to 1")
    private Double topP;

    @Option(
            names = "--samples-out",
            paramLabel = "FILE",
            description =
                    "keeps the samples; if the file holds some of this very evaluation, they are not sampled again")
    private Path journal;

    @Option(names = "--json", description = "prints one JSON object instead of tables")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Problem> problems = problems();
        Group[] groups = new Group[problems.size()];
        boolean greedy = samples == 1 && !sampling.isMagistral();
        double heat = temperature != null ? temperature : greedy ? 0 : 0.7;
        double nucleus = topP != null ? topP : greedy ? 1 : 0.95;
        String identity = "samples " + samples + ", temperature " + heat + ", top-p " + nucleus + ", "
                + sampling.identity() + ", weights " + SampleJournal.digest(sampling.folder());
        try (SampleJournal kept = SampleJournal.open(journal, identity, problems)) {
            kept.groups().forEach((index, group) -> groups[index] = group);
            sample(problems, groups, kept, heat, nucleus);
        }
        EvaluationTable table = new EvaluationTable(new Evaluation(verdicts(groups)), samples);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? table.json() + "\n" : table.text());
        out.flush();
        return Tramontane.DONE;
    }

    private void sample(List<Problem> problems, Group[] groups, SampleJournal kept, double heat, double nucleus) {
        try (Bar bar = Bar.of("sample", problems.size(), spec.commandLine().getErr())) {
            bar.to(kept.groups().size());
            sampling.sample(
                    Prompt.of(problems, sampling.template()),
                    index -> groups[(int) index] == null,
                    samples,
                    heat,
                    nucleus,
                    group -> {
                        groups[(int) group.id()] = group;
                        kept.add(group);
                        bar.step();
                    });
        }
    }

    private List<Problem> problems() {
        if (!problems.equals("gym")) return DataSets.read(Path.of(problems));
        if (count < 1) throw new BadInputException("--count " + count + ", allowed >= 1");
        ProblemSource gym = ProblemSources.open(new DataConfig("gym", "gym", "tiny", GymConfig.defaults()), true, 1);
        return LongStream.range(0, count).mapToObj(gym::get).toList();
    }

    private List<EvaluatedProblem> verdicts(Group[] groups) {
        RewardConfig rewards = RewardConfig.defaults().withThinkTags(sampling.thinkTags());
        try (Verifiers verifiers = Verifiers.open(rewards, sampling.seed());
                Bar bar = Bar.of("verify", groups.length, spec.commandLine().getErr())) {
            boolean code = Arrays.stream(groups).anyMatch(g -> g.problem().kind() == Problem.Kind.CODE);
            if (code && !verifiers.codeAvailable())
                spec.commandLine()
                        .getErr()
                        .println("warning: programs are not judged: " + verifiers.codeUnavailableReason());
            return Arrays.stream(groups)
                    .parallel()
                    .map(group -> {
                        EvaluatedProblem verdict = verdict(verifiers, group);
                        bar.step();
                        return verdict;
                    })
                    .toList();
        }
    }

    private static EvaluatedProblem verdict(Verifiers verifiers, Group group) {
        List<String> texts = group.completions().stream().map(Completion::text).toList();
        List<Integer> lengths =
                group.completions().stream().map(Completion::length).toList();
        int[] tokens = lengths.stream().mapToInt(Integer::intValue).toArray();
        List<RewardBreakdown> verdicts = verifiers.score(group.problem(), group.id(), texts, tokens);
        return new EvaluatedProblem(group.problem(), verdicts, lengths);
    }
}
