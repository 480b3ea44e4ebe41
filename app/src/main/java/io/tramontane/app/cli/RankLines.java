package io.tramontane.app.cli;

import io.tramontane.app.plan.Amount;
import io.tramontane.app.plan.StepPlan;
import io.tramontane.cluster.config.ClusterConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/** Lines of a plan about ranks: how many, what each holds, what a step moves between them and how long it takes. */
final class RankLines {
    private final Map<String, String> lines = new LinkedHashMap<>();

    private RankLines() {}

    /** By their names; with a schedule those of a step once for each stage. */
    static Map<String, String> of(Plan plan) {
        RankLines made = new RankLines();
        ClusterConfig cluster = plan.config().cluster();
        made.lines.put(
                "ranks",
                String.format(
                        Locale.ROOT,
                        "%d of trainers, %d of generators; %d verifiers",
                        cluster.trainers(),
                        cluster.generators().most(),
                        cluster.verifiers().most()));
        double memory = plan.config().plan().memory();
        made.lines.put(
                "memory per rank",
                "trainer " + Amount.bytes(plan.trainerBytes()) + ", generator " + Amount.bytes(plan.generatorBytes())
                        + (memory > 0 ? "; a device has " + Amount.bytes(memory) : ""));
        NavigableMap<Integer, Plan> stages = plan.stages();
        stages.forEach((from, stage) -> made.step(stages.size() == 1 ? "" : ", from step " + from, stage.step()));
        return made.lines;
    }

    private void step(String stage, StepPlan step) {
        lines.put(
                "tokens per step" + stage,
                String.format(
                        Locale.ROOT,
                        "%,.0f of completions trained, %,.0f sampled; %d passes compute %,d with prompts",
                        step.trainedTokens(),
                        step.sampledTokens(),
                        step.passes().microbatches(),
                        step.passes().tokens()));
        lines.put("bytes moved per step" + stage, step.bytes().text());
        lines.put(
                "seconds per step" + stage,
                step.isTimed() ? step.time().text() : "not predicted: plan.flops states no rate (docs/plan.md)");
    }
}
