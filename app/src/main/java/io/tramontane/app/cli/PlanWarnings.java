package io.tramontane.app.cli;

import io.tramontane.app.plan.Amount;
import io.tramontane.cluster.config.Config;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Dtype;
import io.tramontane.model.Shard;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.TrainerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** Settings that are allowed but contradict each other, and what the run will do with them. */
final class PlanWarnings {
    /** The paper keeps n_async / n_batch at 2 or less (section 6.3): more makes the samples too old. */
    private static final double LARGEST_ASYNC_SHARE = 2;

    private final List<String> lines = new ArrayList<>();

    private PlanWarnings() {}

    /** One line each; empty where all settings work. */
    static List<String> of(Plan plan) {
        PlanWarnings warnings = new PlanWarnings();
        plan.stages().forEach(warnings::inFlight);
        warnings.memory(plan);
        warnings.ranks(plan.config());
        warnings.rate(plan.config().trainer());
        warnings.length(plan.config());
        warnings.schedule(plan.config());
        warnings.evaluation(plan.config());
        warnings.gym(plan.config());
        if (!plan.programs().warning().isEmpty())
            warnings.lines.add(plan.programs().warning());
        return warnings.lines;
    }

    static boolean samplesTooOld(Plan plan) {
        return plan.asyncShare() > LARGEST_ASYNC_SHARE;
    }

    private void add(String form, Object... values) {
        lines.add(String.format(Locale.ROOT, form, values));
    }

    /** The numbers of one stage. */
    private void inFlight(int from, Plan plan) {
        String when = from == 1 ? "" : "from step " + from + ": ";
        int batch = plan.config().trainer().batchSize();
        if (samplesTooOld(plan))
            add(
                    when
                            + "n_async / n_batch is %.2f (%d completions in flight, trainer.batchSize %d); more than 2 makes samples old",
                    plan.asyncShare(),
                    plan.inFlight(),
                    batch);
        if (plan.slots() > plan.inFlight())
            add(
                    when
                            + "rollout.slots %d in cluster.generators %d: %d of the %d slots stay empty, since cluster.maxLag %d with"
                            + " trainer.batchSize %d admits %d completions at a time",
                    plan.config().rollout().slots(),
                    plan.config().cluster().generators().most(),
                    plan.slots() - plan.inFlight(),
                    plan.slots(),
                    plan.config().cluster().maxLag(),
                    batch,
                    plan.inFlight());
    }

    private void memory(Plan plan) {
        double memory = plan.config().plan().memory();
        if (memory == 0) return;
        if (plan.trainerBytes() > memory)
            add(
                    "DOES NOT FIT: a trainer rank takes %s, plan.memory is %s%s",
                    Amount.bytes(plan.trainerBytes()),
                    Amount.bytes(memory),
                    new PlanFit(plan, Plan::trainerBytes, memory).text());
        if (plan.generatorBytes() > memory)
            add(
                    "DOES NOT FIT: a generator takes %s, plan.memory is %s; %s",
                    Amount.bytes(plan.generatorBytes()), Amount.bytes(memory), generatorFit(plan, memory));
        else if (plan.config().evaluation().problems() > 0 && 2 * plan.generatorBytes() > memory)
            add(
                    "DOES NOT FIT: a generator that evaluates takes %s, plan.memory is %s; evaluation.problems 0 leaves it to evaluate",
                    Amount.bytes(2 * plan.generatorBytes()), Amount.bytes(memory));
    }

    /** A generator holds all weights: what fits beside them. */
    private static String generatorFit(Plan plan, double memory) {
        int slots = plan.slotsWithin(memory);
        if (slots > 0) return "it would fit with --set rollout.slots=" + slots;
        int half = plan.with(List.of("rollout.dtype=" + Dtype.BFLOAT16)).slotsWithin(memory);
        if (half > 0)
            return "it would fit with --set rollout.dtype=" + Dtype.BFLOAT16 + " --set rollout.slots="
                    + Math.min(half, plan.config().rollout().slots());
        return "its weights stay whole, and one slot beside them does not fit: that takes "
                + Amount.bytes(plan.with(List.of("rollout.slots=1")).generatorBytes());
    }

    private void ranks(Config config) {
        if (config.cluster().trainers() == 1 && config.trainer().shard() != Shard.NONE)
            add(
                    "trainer.shard %s does nothing at cluster.trainers 1",
                    config.trainer().shard());
    }

    private void rate(TrainerConfig trainer) {
        OptimizerConfig optimizer = trainer.optimizer();
        double largest = LongStream.rangeClosed(1, Math.min(trainer.steps(), 1_000_000))
                .mapToDouble(step -> optimizer.rateAt(step, trainer.steps()))
                .max()
                .orElseThrow();
        if (largest < 0.999 * optimizer.learningRate())
            add(
                    "trainer.optimizer.learningRate %s is never reached, at most %.3g: trainer.optimizer.warmupSteps %d,"
                            + " trainer.optimizer.decayFrom %s, trainer.steps %d",
                    optimizer.learningRate(), largest, optimizer.warmupSteps(), optimizer.decayFrom(), trainer.steps());
        if (optimizer.finalShare() > 0 && optimizer.decayFrom() == 1)
            add(
                    "trainer.optimizer.finalShare %s does nothing at trainer.optimizer.decayFrom 1: the rate does not decay",
                    optimizer.finalShare());
        if (trainer.minutes() > 0 && optimizer.decayFrom() < 1)
            add(
                    "trainer.optimizer.decayFrom %s counts trainer.steps %d: a run that trainer.minutes %s ends earlier does"
                            + " not reach the end of the decay",
                    optimizer.decayFrom(), trainer.steps(), trainer.minutes());
    }

    private void length(Config config) {
        config.rewards().lengthStages().keySet().stream()
                .filter(from -> from > config.trainer().steps())
                .forEach(from -> add(
                        "rewards.lengthSchedule.%d begins after the last step: trainer.steps %d",
                        from, config.trainer().steps()));
    }

    private void schedule(Config config) {
        config.schedule().stream()
                .filter(stage -> stage.step() > config.trainer().steps())
                .forEach(stage -> add(
                        "schedule: the stage of step %d begins after the last step: trainer.steps %d",
                        stage.step(), config.trainer().steps()));
    }

    private void gym(Config config) {
        DataConfig data = config.data();
        boolean used = List.of(data.train(), data.evaluation()).contains("gym");
        if (!used && !data.gym().equals(GymConfig.defaults()))
            add("data.gym does nothing: data.train and data.evaluation name files");
        List<String> unknown = data.gym().languages().stream()
                .filter(language -> !config.rewards().languages().contains(language))
                .toList();
        if (used && !unknown.isEmpty())
            add(
                    "data.gym.languages has %s, which rewards.languages does not let the classifier choose",
                    String.join(", ", unknown));
    }

    private void evaluation(Config config) {
        if (config.evaluation().topP() < 1 && config.evaluation().temperature() == 0)
            add(
                    "evaluation.topP %s does nothing at evaluation.temperature 0: the most likely token is taken",
                    config.evaluation().topP());
    }
}
