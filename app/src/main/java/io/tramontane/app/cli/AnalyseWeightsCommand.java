package io.tramontane.app.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.analysis.AnalysisText;
import io.tramontane.app.analysis.Grid;
import io.tramontane.app.analysis.KeptPoints;
import io.tramontane.app.analysis.PlanePoint;
import io.tramontane.app.analysis.PrincipalComponents;
import io.tramontane.app.analysis.WeightAnalysis;
import io.tramontane.app.analysis.WeightVectors;
import io.tramontane.app.report.RowFile;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.cluster.files.Output;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.Problem;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.Verifiers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Principal components of a run's checkpoints, and what policies of their plane do (paper section 7.1). */
@Command(
        name = "weights",
        description =
                "PCA of the checkpoints in the space of the weights; reward and length over the plane of the first"
                        + " two components.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Every point of the plane is a policy w* + a1 c1 + a2 c2, w* being the last checkpoint. All answer the same",
            "held-out problems of the run with the same random numbers, at the temperature of its training. Killed and",
            "started again with the same --out, the analysis continues: FILE.partial has the points that are evaluated.",
            "Example: tramontane analyse weights runs/2026-01-31-tiny --out weights.json"
        })
final class AnalyseWeightsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = JsonReading.mapper();

    @Parameters(
            paramLabel = "RUN",
            description = "run folder, with three or more checkpoints (trainer.checkpointEvery)")
    private RunFolder run;

    @Option(
            names = "--components",
            paramLabel = "N",
            defaultValue = "2",
            description = "principal components with coordinates (default 2); the plane has the first two")
    private int components;

    @Option(
            names = "--grid",
            paramLabel = "N",
            defaultValue = "7",
            description = "points of the plane on each axis (default 7); 0 evaluates none")
    private int points;

    @Option(
            names = "--reach",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description = "how far the grid goes on beyond the checkpoints at each end, as a share of what they cover"
                    + " (default 0.5)")
    private double reach;

    @Option(
            names = "--problems",
            paramLabel = "N",
            defaultValue = "64",
            description = "held-out problems of the run (default 64)")
    private int problems;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "4",
            description = "completions per problem and point (default 4)")
    private int samples;

    @Option(
            names = "--most-truncated",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description =
                    "points at which a larger share of the completions is cut at the longest length are not fitted"
                            + " (default 0.05)")
    private double mostTruncated;

    @Option(names = "--out", paramLabel = "FILE", description = "writes all numbers as one JSON object")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        check();
        PrintWriter err = spec.commandLine().getErr();
        Config config = RunSettings.config(run, err);
        RunCheckpoints checkpoints = RunCheckpoints.of(run, config, err);
        PrincipalComponents found = components(checkpoints);
        WeightAnalysis analysis = points == 0
                ? new WeightAnalysis(checkpoints.steps(), found, null, null, List.of(), mostTruncated)
                : evaluated(config, checkpoints, found);
        if (out != null) write(analysis);
        PrintWriter printed = spec.commandLine().getOut();
        printed.print(AnalysisText.of(analysis));
        printed.flush();
        return Tramontane.DONE;
    }

    private void check() {
        if (components < 2) throw new BadInputException("--components " + components + ", allowed >= 2");
        if (points < 0 || points == 1) throw new BadInputException("--grid " + points + ", allowed >= 2, or 0");
        if (!(reach >= 0 && reach <= 100)) throw new BadInputException("--reach " + reach + ", allowed 0 to 100");
        if (problems < 1) throw new BadInputException("--problems " + problems + ", allowed >= 1");
        if (samples < 1) throw new BadInputException("--samples " + samples + ", allowed >= 1");
        if (!(mostTruncated >= 0 && mostTruncated <= 1))
            throw new BadInputException("--most-truncated " + mostTruncated + ", allowed 0 to 1");
        if (out != null) new Output("--out", out.toString()).checkFile(List.of());
    }

    private PrincipalComponents components(RunCheckpoints checkpoints) {
        int count = checkpoints.count();
        try (Bar bar =
                Bar.of("compare", count * (count - 1) / 2, spec.commandLine().getErr())) {
            return PrincipalComponents.of(
                    WeightVectors.squaredDistances(count, checkpoints::load, bar::step), components);
        }
    }

    private WeightAnalysis evaluated(Config config, RunCheckpoints checkpoints, PrincipalComponents found) {
        Config stage = config.at(checkpoints.lastStep());
        SamplingOptions sampling = new SamplingOptions();
        try (LocalCopy model = LocalCopy.of(run.checkpoint(checkpoints.lastStep()))) {
            sampling.asIn(stage, () -> model.path().toString());
            List<Problem> asked = RunSettings.heldOut(stage.data(), sampling.seed(), problems);
            SamplingPlan plan = sampling.plan(
                    Prompt.of(asked, sampling.template()),
                    new SamplingPlan.Parameters(samples, stage.rollout().temperature(), 1));
            Grid grid = Grid.around(found, points, reach);
            String identity = EvaluationSettings.of(plan, sampling, asked).identity() + ", a1 "
                    + Arrays.toString(grid.a1()) + ", a2 " + Arrays.toString(grid.a2());
            Thoughts thoughts = sampling.thoughts(stage.rewards().thinkTags(), false);
            RewardConfig rewards = stage.rewards().withThinkTags(thoughts.tags());
            Path partial = out == null ? null : Path.of(out + ".partial");
            try (Verifiers verifiers = Verifiers.open(rewards, sampling.seed());
                    KeptPoints kept = KeptPoints.open(partial, identity)) {
                Verdicts verdicts = new Verdicts(verifiers, thoughts, false);
                evaluate(checkpoints, found, grid, new WeightEvaluation(sampling, plan, verdicts), kept);
                List<PlanePoint> all = new ArrayList<>(kept.points().values());
                PlanePoint last = all.remove(grid.size());
                kept.delete();
                return new WeightAnalysis(checkpoints.steps(), found, grid, last, all, mostTruncated);
            }
        }
    }

    /** Evaluates what is missing; the last checkpoint itself comes after the grid. */
    private void evaluate(
            RunCheckpoints checkpoints,
            PrincipalComponents found,
            Grid grid,
            WeightEvaluation evaluation,
            KeptPoints kept) {
        WeightSnapshot last = checkpoints.load(checkpoints.count() - 1);
        WeightSnapshot[] directions = WeightVectors.directions(found, 2, last, checkpoints::load);
        PrintWriter err = spec.commandLine().getErr();
        err.println(evaluation.plan().text());
        int before = kept.points().size();
        if (before > 0) err.println(before + " of " + (grid.size() + 1) + " points were evaluated by an earlier run");
        try (Bar bar = Bar.of("evaluate", grid.size() + 1, err)) {
            bar.to(before);
            for (int number = 0; number <= grid.size(); number++) {
                if (kept.points().containsKey(number)) continue;
                double[] at = number == grid.size() ? new double[2] : grid.point(number);
                kept.add(number, evaluation.at(at[0], at[1], WeightVectors.moved(last, directions, at)));
                bar.step();
            }
        }
    }

    private void write(WeightAnalysis analysis) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", run.name());
        map.put("samples", samples);
        map.put("problems", problems);
        map.put("reach", reach);
        map.putAll(analysis.toMap());
        try (AtomicText file = AtomicText.open(out.toString())) {
            file.line(RowFile.line(JSON.convertValue(map, new TypeReference<LinkedHashMap<String, Object>>() {})));
            file.commit();
        }
        spec.commandLine().getErr().println("all numbers in " + out);
    }
}
