package io.tramontane.app.bench;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.DecodeRequest;
import io.tramontane.model.DecodedTokens;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.Numerics;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.Policy;
import io.tramontane.model.PromptCache;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.SequenceScorer;
import io.tramontane.model.Shard;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.trainer.Computation;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.Trainer;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Whether a device computes what the CPU computes in float32: the log-probabilities of completions that the CPU has sampled, by every
 * way in which the program computes them, and a step of the trainer.
 */
final class DeviceNumerics {
    static final int PROMPT = 64;
    static final int LENGTH = 64;
    static final int SAMPLES = 8;

    /** Mean difference of log-probabilities in float32. */
    private static final double FULL_LIMIT = 1e-3;

    /** The gradient norm's, as a share of it: in float32, and in bfloat16 over many layers. */
    private static final double FULL_NORM_LIMIT = 1e-3;

    private static final double HALF_NORM_LIMIT = 0.1;

    /**
     * One comparison.
     *
     * @param value the difference
     * @param limit it must be below
     */
    record Check(String name, double value, double limit) {
        boolean passed() {
            return value < limit; // NaN is not
        }
    }

    private final WeightSnapshot weights;
    private final double halfLimit;
    private final Consumer<Check> listener;
    private final int[] prompt;
    private final long[] sampled;
    private final float[] expected;
    private final double expectedNorm;

    /**
     * Computes on the CPU what is expected.
     *
     * @param halfLimit allowed mean difference of log-probabilities in bfloat16
     * @param listener receives each comparison at once
     */
    DeviceNumerics(WeightSnapshot weights, double halfLimit, Consumer<Check> listener) {
        this.weights = weights;
        this.halfLimit = halfLimit;
        this.listener = listener;
        this.prompt =
                new Random(2).ints(PROMPT, 0, weights.config().vocabulary()).toArray();
        long[] free = new long[LENGTH * SAMPLES];
        Arrays.fill(free, -1);
        this.sampled = continued(Dtype.FLOAT32, ComputeDevice.CPU, free).tokens();
        this.expected = trained(Dtype.FLOAT32, ComputeDevice.CPU);
        this.expectedNorm = stepped(Dtype.FLOAT32, ComputeDevice.CPU).norm();
    }

    /** Compares a device that computes in a type. */
    void compare(Dtype dtype, ComputeDevice device) {
        boolean half = dtype == Dtype.BFLOAT16;
        double limit = half ? halfLimit : FULL_LIMIT;
        listener.accept(new Check("generator, decoded", difference(decoded(dtype, device)), limit));
        listener.accept(new Check("generator, scored", difference(scored(dtype, device)), limit));
        listener.accept(new Check("trainer", difference(trained(dtype, device)), limit));
        Stepped step = stepped(dtype, device);
        double norm = Math.abs(step.norm() / expectedNorm - 1);
        listener.accept(new Check("gradient norm", norm, half ? HALF_NORM_LIMIT : FULL_NORM_LIMIT));
        listener.accept(new Check("loss after a step, minus before", step.after() - step.before(), 0));
    }

    private double difference(float[] found) {
        return IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs((double) found[i] - expected[i]))
                .average()
                .orElseThrow();
    }

    private int token(int sample, int at) {
        return (int) sampled[at * SAMPLES + sample];
    }

    private int[] completion(int sample) {
        return IntStream.range(0, LENGTH).map(at -> token(sample, at)).toArray();
    }

    /** Prompt and completion. */
    private int[] sequence(int sample) {
        return IntStream.concat(Arrays.stream(prompt), Arrays.stream(completion(sample)))
                .toArray();
    }

    /** The prompt computed once, then a token of every completion at a time over the cache. */
    private DecodedTokens continued(Dtype dtype, ComputeDevice device, long[] forced) {
        try (DecodingWeights decoding = new DecodingWeights(weights, Numerics.FAST, dtype, device, SAMPLES);
                DecodingSession session =
                        DecodingSession.sampling(decoding, PROMPT + LENGTH, new SamplingParameters(1, 1));
                PromptCache start = session.prompt(Arrays.copyOf(prompt, PROMPT - 1))) {
            session.prefill(List.of(start), PROMPT);
            for (int slot = 0; slot < SAMPLES; slot++) session.fill(start, slot);
            long[] newest = new long[SAMPLES];
            Arrays.fill(newest, prompt[PROMPT - 1]);
            long[] positions = new long[SAMPLES];
            Arrays.fill(positions, PROMPT - 1);
            float[] uniforms = new float[LENGTH * SAMPLES];
            Random random = new Random(3);
            for (int i = 0; i < uniforms.length; i++) uniforms[i] = random.nextFloat();
            return session.decode(new DecodeRequest(newest, positions, uniforms, new boolean[SAMPLES], forced), false);
        }
    }

    /** Completion by completion, as all of these. */
    private float[] decoded(Dtype dtype, ComputeDevice device) {
        float[] found = continued(dtype, device, sampled).logprobs();
        float[] ordered = new float[found.length];
        for (int i = 0; i < found.length; i++) ordered[i] = found[i % LENGTH * SAMPLES + i / LENGTH];
        return ordered;
    }

    /** Each sequence whole, all of them in one pass. */
    private float[] scored(Dtype dtype, ComputeDevice device) {
        try (SequenceScorer scorer = new SequenceScorer(weights, dtype, device)) {
            List<float[]> all = scorer.logprobs(
                    IntStream.range(0, SAMPLES).mapToObj(this::sequence).toList());
            float[] found = new float[SAMPLES * LENGTH];
            for (int i = 0; i < SAMPLES; i++) System.arraycopy(all.get(i), PROMPT - 1, found, i * LENGTH, LENGTH);
            return found;
        }
    }

    /** By the forward pass of training, with the prompt once. */
    private float[] trained(Dtype dtype, ComputeDevice device) {
        List<int[]> completions =
                IntStream.range(0, SAMPLES).mapToObj(this::completion).toList();
        try (Policy policy = new Policy(weights, Numerics.FAST, dtype, device)) {
            return policy.logprobs(PackedSequences.of(List.of(new PromptGroup(prompt, completions))), 1);
        }
    }

    /** A step of the trainer: the gradient's norm, and how unlikely rewarded completions are compared with the others. */
    private record Stepped(double norm, double before, double after) {}

    private Stepped stepped(Dtype dtype, ComputeDevice device) {
        OptimizerConfig optimizer = new OptimizerConfig(1e-5, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1);
        TrainerConfig config = new TrainerConfig(
                SAMPLES,
                SAMPLES,
                PROMPT + SAMPLES * LENGTH,
                1,
                1,
                0,
                1,
                0,
                false,
                Keep.ALL,
                dtype,
                Shard.NONE,
                LoraConfig.defaults(),
                LossConfig.defaults(),
                optimizer);
        try (Trainer trainer = Trainer.fresh(weights, config, new Computation(1, Numerics.FAST, device), 1)) {
            double before = loss(trainer);
            StepReport report = trainer.step(batch());
            return new Stepped(report.gradNorm(), before, loss(trainer));
        }
    }

    private double loss(Trainer trainer) {
        double loss = 0;
        for (int i = 0; i < SAMPLES; i++)
            for (float logprob : trainer.score(sequence(i), PROMPT)) loss += rewarded(i) ? -logprob : logprob;
        return loss;
    }

    private static boolean rewarded(int sample) {
        return sample % 2 == 0;
    }

    private Batch batch() {
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> rewards = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            float[] logprobs = Arrays.copyOfRange(expected, i * LENGTH, (i + 1) * LENGTH);
            completions.add(new Completion(completion(i), logprobs, new int[LENGTH], true, ""));
            Verdict verdict = rewarded(i) ? Verdict.CORRECT : Verdict.WRONG;
            rewards.add(new RewardBreakdown(0.1, rewarded(i) ? 0.9 : 0, 0, 0, verdict, "", "", List.of(), 0));
        }
        Problem problem = Problem.math("bench", "en", "?", "1", Map.of());
        return new Batch(1, List.of(new ScoredGroup(new Group(0, problem, prompt, completions), rewards)));
    }
}
