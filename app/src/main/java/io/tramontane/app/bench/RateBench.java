package io.tramontane.app.bench;

import io.tramontane.app.plan.StepPlan;
import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.rollout.CompletionRequest;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.rollout.Stop;
import io.tramontane.trainer.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The rates that a plan takes, measured with the lengths of a recipe: optimizer steps of the trainer on random tokens, the same
 * by as many ranks as the recipe has for what they exchange, and a
 * generator that samples with all of its live sequences, then with a quarter of them. Of the two samplings each takes
 * {@code token steps * launchSeconds + tokens * (FLOP of a token / decodeFlops)}, which gives both.
 *
 * <p>On a CPU times are those that the thread was computing: a machine that does other work gives nearly the same rates.
 */
public final class RateBench {
    private static final int MOST_PASSES = 6;
    private static final int ROUNDS = 3;

    private final WeightSnapshot weights;
    private final StepPlan plan;
    private final Random random = new Random(1);

    /** Of a recipe's model; the rates in the plan's config are not used. */
    public RateBench(WeightSnapshot weights, StepPlan plan) {
        this.weights = weights;
        this.plan = plan;
    }

    /**
     * What was measured, as keys of a config.
     *
     * @param flops plan.flops
     * @param decodeFlops plan.decodeFlops
     * @param memoryBandwidth plan.memoryBandwidth
     * @param launchSeconds plan.launchSeconds
     * @param rankBandwidth plan.rankBandwidth, or 0 with one trainer rank and on a GPU
     */
    public record Rates(
            double flops, double decodeFlops, double memoryBandwidth, double launchSeconds, double rankBandwidth) {
        /** {@code plan.flops=4.1e+10}, ... */
        public List<String> settings() {
            List<String> settings = new ArrayList<>(List.of(
                    setting("flops", flops),
                    setting("decodeFlops", decodeFlops),
                    setting("memoryBandwidth", memoryBandwidth),
                    setting("launchSeconds", launchSeconds)));
            if (rankBandwidth > 0) settings.add(setting("rankBandwidth", rankBandwidth));
            return settings;
        }

        private static String setting(String name, double value) {
            return String.format(Locale.ROOT, "plan.%s=%.3g", name, value);
        }
    }

    /** Some completions that were sampled. */
    private record Sampling(double tokenSteps, double tokens, double seconds) {}

    /** Measures. */
    public Rates run() {
        double bandwidth;
        try (Policy policy = new Policy(weights)) {
            bandwidth = Rooflines.memory(policy.manager(), Stopwatch::typicalOfThread);
        }
        double flops = training(bandwidth);
        int most = (int) Math.max(2, Math.round(plan.live()));
        Sampling all = sampling(most, flops);
        Sampling few = sampling(Math.max(1, most / 4), flops);
        // seconds = tokenSteps a + tokens b, twice
        double both = all.tokenSteps() * few.tokens() - few.tokenSteps() * all.tokens();
        double launch = Math.max(0, (all.seconds() * few.tokens() - few.seconds() * all.tokens()) / both);
        double token = (all.seconds() - launch * all.tokenSteps()) / all.tokens();
        return new Rates(flops, plan.tokenFlops() / token, bandwidth, launch, exchange());
    }

    private int prompt() {
        return (int) Math.max(1, Math.round(plan.prompt()));
    }

    /** FLOP/s of the passes of an optimizer step over some groups. */
    private double training(double bandwidth) {
        StepPlan some = plan.ofGroups(fewGroups(), 1);
        List<ScoredGroup> scored = groups(some);
        double temperature = some.config().rollout().temperature();
        try (Trainer trainer = Trainer.fresh(weights, some.config().trainer(), temperature)) {
            double seconds = Stopwatch.typicalOfThread(() -> trainer.step(new Batch(trainer.version() + 1, scored)));
            double passes = Math.max(seconds / 2, seconds - some.optimizerBytes() / bandwidth);
            return some.trainingFlops() / passes;
        }
    }

    /** Bytes/s that a trainer rank sends to the others. */
    private double exchange() {
        int trainers = plan.config().cluster().trainers();
        if (trainers == 1 || ComputeDevice.available().gpu()) return 0;
        StepPlan some = plan.ofGroups(fewGroups(), trainers);
        return new RankRate(some, weights, groups(some)).measure();
    }

    private int fewGroups() {
        int groups = 1;
        while (groups < plan.config().groupsPerBatch()
                && plan.ofGroups(groups, 1).passes().microbatches() < MOST_PASSES) groups++;
        return groups;
    }

    private List<ScoredGroup> groups(StepPlan of) {
        return LongStream.range(0, of.config().groupsPerBatch())
                .mapToObj(this::group)
                .toList();
    }

    private ScoredGroup group(long id) {
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> rewards = new ArrayList<>();
        for (int length : plan.lengths(plan.config().rollout().groupSize())) {
            completions.add(new Completion(tokens(length), new float[length], new int[length], true, ""));
            Verdict verdict = rewards.size() % 2 == 0 ? Verdict.CORRECT : Verdict.WRONG;
            double correctness = verdict == Verdict.CORRECT ? 0.9 : 0;
            rewards.add(new RewardBreakdown(0.1, correctness, 0, 0, verdict, "", "", List.of(), 0));
        }
        Problem problem = Problem.math("bench" + id, "en", "?", "1", Map.of());
        return new ScoredGroup(new Group(id, problem, tokens(prompt()), completions), rewards);
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, weights.config().vocabulary()).toArray();
    }

    /** Three times as many completions as there are slots, the prompts' own time taken off. */
    private Sampling sampling(int slots, double flops) {
        RolloutConfig config = plan.config().rollout().withSlots(slots);
        int size = Math.min(slots, config.groupSize());
        int groups = Math.max(1, ROUNDS * slots / size);
        int[] lengths = plan.lengths(groups);
        long tokens = IntStream.of(lengths).sum() * (long) size;
        Stop stop = new Stop(token -> false, request -> lengths[(int) request.id()]);
        try (Generator generator = new Generator(
                weights, new ContinuousBatchingBench.NoText(weights.config().vocabulary()), config, 1, stop)) {
            long[] calls = new long[1];
            double seconds = Stopwatch.typicalOfThread(() -> {
                for (int id : shuffled(groups))
                    generator.submit(CompletionRequest.of(id, tokens(prompt()))
                            .samples(size)
                            .build());
                for (calls[0] = 0; generator.live() > 0; calls[0]++) generator.step();
            });
            double prompts = groups * plan.promptFlops() / flops;
            return new Sampling(
                    (double) calls[0] * config.decodeSteps(), tokens, Math.max(seconds / 2, seconds - prompts));
        }
    }

    /** So that long completions do not come last. */
    private static List<Integer> shuffled(int count) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, new Random(2));
        return order;
    }
}
