package io.tramontane.app.bench;

import io.tramontane.app.plan.StepPlan;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.DecodeRequest;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.FlatVector;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.PackedSequences.Size;
import io.tramontane.model.Policy;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.TrainingPass;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The rates that a plan takes, measured with the sizes of a recipe: one microbatch of its mean lengths, and decoding steps with
 * all of its live sequences and with a quarter of them. The two steps lie on a line over the number of sequences; its slope
 * is what a sequence costs, the rest is what a step takes besides.
 *
 * <p>On a CPU with one thread for each operator times are those that the thread was computing: a machine that does other
 * work gives nearly the same rates.
 */
public final class RateBench {
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
     */
    public record Rates(double flops, double decodeFlops, double memoryBandwidth, double launchSeconds) {
        /** {@code plan.flops=4.1e+10}, ... */
        public List<String> settings() {
            return List.of(
                    setting("flops", flops),
                    setting("decodeFlops", decodeFlops),
                    setting("memoryBandwidth", memoryBandwidth),
                    setting("launchSeconds", launchSeconds));
        }

        private static String setting(String name, double value) {
            return String.format(Locale.ROOT, "plan.%s=%.3g", name, value);
        }
    }

    /** Measures. */
    public Rates run() {
        double flops;
        double bandwidth;
        try (Policy policy = new Policy(weights)) {
            bandwidth = Rooflines.memory(policy.manager(), Stopwatch::typicalOfThread);
            flops = training(policy);
        }
        int most = (int) Math.max(2, Math.round(plan.live()));
        int few = Math.max(1, most / 4);
        double quarter = decoding(few);
        double all = decoding(most);
        double each = Math.max(1e-12, (all - quarter) / (most - few));
        return new Rates(flops, plan.tokenFlops() / each, bandwidth, Math.max(0, all - most * each));
    }

    private int prompt() {
        return (int) Math.max(1, Math.round(plan.prompt()));
    }

    private int completion() {
        return (int) Math.max(1, Math.round(plan.completion()));
    }

    /** FLOP/s of as many completions of a group as a microbatch holds. */
    private double training(Policy policy) {
        int room = (plan.config().trainer().microbatchTokens() - prompt()) / completion();
        int count = Math.max(1, Math.min(plan.config().rollout().groupSize(), room));
        List<PromptGroup> groups = IntStream.range(0, Math.max(1, room / count))
                .mapToObj(i -> new PromptGroup(
                        tokens(prompt()),
                        IntStream.range(0, count)
                                .mapToObj(c -> tokens(completion()))
                                .toList()))
                .toList();
        PackedSequences packed = PackedSequences.of(groups);
        int predicted = packed.target().length;
        FlatVector gradient = policy.vector();
        double seconds = Stopwatch.typicalOfThread(() -> {
            try (TrainingPass pass =
                    policy.pass(packed, 1, plan.config().trainer().keep())) {
                pass.backward(
                        (from, to, logprobs, entropies, slope, entropySlope) ->
                                Arrays.fill(slope, from, to, -1f / predicted),
                        gradient);
            }
            gradient.read(new VectorRange(0, 1)); // a GPU returns before it is done
        });
        return plan.passFlops(packed.tokens().length, predicted, Size.of(groups).pairs()) / seconds;
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, weights.config().vocabulary()).toArray();
    }

    /** Seconds of a token step. */
    private double decoding(int rows) {
        RolloutConfig rollout = plan.config().rollout();
        int steps = rollout.decodeSteps();
        int positions = prompt() + completion() + steps;
        try (DecodingWeights decoding = new DecodingWeights(
                        weights, rollout.numerics(), rollout.dtype(), ComputeDevice.available(), rows);
                DecodingSession session = DecodingSession.sampling(decoding, positions, new SamplingParameters(1, 1))) {
            DecodeRequest request = request(rows, steps);
            return Stopwatch.typicalOfThread(() -> session.decode(request, false)) / steps;
        }
    }

    /** Sequences of all ages. */
    private DecodeRequest request(int rows, int steps) {
        long[] newest = Arrays.stream(tokens(rows)).asLongStream().toArray();
        long[] positions = LongStream.range(0, rows)
                .map(i -> prompt() + completion() * i / rows)
                .toArray();
        float[] uniforms = new float[rows * steps];
        Arrays.fill(uniforms, 0.5f);
        long[] forced = new long[rows * steps];
        Arrays.fill(forced, -1);
        return new DecodeRequest(newest, positions, uniforms, new boolean[rows], forced);
    }
}
