package io.tramontane.app.bench;

import io.tramontane.app.plan.TokenWork;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.DecodeRequest;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.Dtype;
import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.Numerics;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.Policy;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.PromptCache;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.SquareProduct;
import io.tramontane.model.TrainingPass;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Speed of a model on this machine: the two rooflines, then decoding, prefill, a training step, a weight swap and
 * continuous batching against them. Threads are those that the calling thread has, see
 * {@link io.tramontane.model.ComputeThread}. Every figure is the best of some repetitions.
 *
 * <p>Roofline of decoding: the slower of its FLOP at the matrix rate (2 for each parameter that multiplies a token, and
 * attention) and of reading the weights and the live keys and values once from memory.
 */
public final class ModelBench {
    static final int STEPS = 4;
    private static final int CONTEXT = 128;
    private static final int PROMPT = 512;
    private static final String GEMM = "GEMM peak";
    private static final int HALF_SIDE = 1024;
    private static final int[] CPU_ROWS = {1, 2, 3, 8, 32};
    private static final int[] GPU_ROWS = {1, 8, 32, 256};

    private final WeightSnapshot weights;
    private final Dtype dtype;
    private final ComputeDevice device;
    private final PolicyConfig shape;
    private final TokenWork work;
    private final Consumer<Figure> listener;
    private final Random random = new Random(1);
    private final NavigableMap<Integer, Double> rates = new TreeMap<>();
    private Rooflines machine;

    /** In float32 on the device that this machine has. */
    public ModelBench(WeightSnapshot weights, Consumer<Figure> listener) {
        this(weights, Dtype.FLOAT32, ComputeDevice.available(), listener);
    }

    /** In a type on a device; where that is int8, rooflines and training are float32. The listener receives each figure at once. */
    ModelBench(WeightSnapshot weights, Dtype dtype, ComputeDevice device, Consumer<Figure> listener) {
        this.weights = weights;
        this.dtype = dtype;
        this.device = device;
        this.shape = weights.config();
        this.work = new TokenWork(shape);
        this.listener = listener;
    }

    /**
     * Measures.
     *
     * @param all also a training step and continuous batching
     */
    public void run(boolean all) {
        calls(all);
        if (!all) return;
        ContinuousBatchingBench lengths = new ContinuousBatchingBench(weights);
        double fixed = lengths.fixed();
        listener.accept(new Figure("queued, one length", fixed, "tokens/s"));
        double tailed = lengths.longTailed();
        listener.accept(new Figure("queued, long-tailed", tailed, "tokens/s", tailed / fixed, "one length"));
    }

    /** The rooflines and what single calls reach of them, perhaps with training. */
    void calls(boolean all) {
        try (Policy policy = new Policy(weights, Numerics.FAST, computed(), device)) {
            machine = Rooflines.measure(policy, computed());
            listener.accept(new Figure(GEMM, machine.flops() * 1e-9, "GFLOP/s"));
            if (all && dtype == Dtype.FLOAT32 && !device.gpu()) half(policy);
            listener.accept(new Figure("memory, read", machine.bytes() * 1e-9, "GB/s"));
            if (all) training(policy);
        }
        for (int rows : device.gpu() ? GPU_ROWS : CPU_ROWS) decoding(rows);
    }

    /** What {@code trainer.dtype: bfloat16} would have: far less than float32 where the processor has no such instructions. */
    private void half(Policy policy) {
        try (SquareProduct product = new SquareProduct(policy, Dtype.BFLOAT16, HALF_SIDE)) {
            double rate = 2 * Math.pow(HALF_SIDE, 3) / Stopwatch.best(product::run);
            listener.accept(
                    new Figure("GEMM, bfloat16", rate * 1e-9, "GFLOP/s", rate / machine.flops(), GEMM + " of float32"));
        }
    }

    private Dtype computed() {
        return dtype == Dtype.INT8 ? Dtype.FLOAT32 : dtype;
    }

    /** Tokens a second in all by sequences that are decoded together, as {@link #calls} has measured them. */
    NavigableMap<Integer, Double> decodingRates() {
        return rates;
    }

    /** Tokens a second of one sequence, with the threads that the calling thread has now. */
    double ofOneSequence() {
        try (DecodingWeights one = new DecodingWeights(weights, Numerics.FAST, dtype, device, 1);
                DecodingSession session =
                        DecodingSession.sampling(one, CONTEXT + STEPS, new SamplingParameters(1, 1))) {
            DecodeRequest request = request(1);
            return STEPS / Stopwatch.best(() -> session.decode(request, false));
        }
    }

    /** What {@link #calls} has measured. */
    Rooflines rooflines() {
        return machine;
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, shape.vocabulary()).toArray();
    }

    private void rate(String name, double tokens, double seconds, double least, String of) {
        listener.accept(new Figure(name, tokens / seconds, "tokens/s", least / seconds, of));
    }

    private void training(Policy policy) {
        int[] prompt = tokens(64);
        List<int[]> completions =
                IntStream.range(0, 8).mapToObj(i -> tokens(64)).toList();
        PackedSequences packed = PackedSequences.of(List.of(new PromptGroup(prompt, completions)));
        int count = packed.target().length;
        FlatVector gradient = policy.vector();
        double seconds = Stopwatch.best(() -> {
            try (TrainingPass pass = policy.pass(packed, 1, Keep.ALL)) {
                pass.backward(
                        (from, to, logprobs, entropies, slope, entropySlope) ->
                                Arrays.fill(slope, from, to, -1f / count),
                        gradient);
            }
            gradient.read(new VectorRange(0, 1)); // a GPU returns before it is done
        });
        int all = packed.tokens().length;
        double flops = 3 * (all * (work.body() + work.attention(64)) + count * work.head());
        rate("train, 8 completions of 64", all, seconds, flops / machine.flops(), GEMM);
    }

    private void decoding(int rows) {
        int positions = PROMPT + CONTEXT + STEPS;
        try (DecodingWeights decoding = new DecodingWeights(weights, Numerics.FAST, dtype, device, rows);
                DecodingSession session = DecodingSession.sampling(decoding, positions, new SamplingParameters(1, 1))) {
            int cached = dtype == Dtype.BFLOAT16 ? Short.BYTES : Float.BYTES;
            int bytes = dtype == Dtype.INT8 ? Byte.BYTES : cached;
            DecodeRequest request = request(rows);
            double step = Stopwatch.best(() -> session.decode(request, false)) / STEPS;
            double least = machine.seconds(
                    rows * (work.body() + work.head() + work.attention(CONTEXT)),
                    work.read(rows, bytes) + rows * shape.cacheBytes(CONTEXT) * cached / Float.BYTES);
            rates.put(rows, rows / step);
            rate("decode, " + rows + " sequences", rows, step, least, "the smaller roofline");
            if (rows != 32) return;
            double swap = Stopwatch.best(() -> decoding.load(weights));
            listener.accept(new Figure("swap", swap, "s", swap / (swap + 50 * step), "the time, once every 50 tokens"));
            double prefill = Stopwatch.best(() -> {
                try (PromptCache prompt = session.prompt(tokens(PROMPT))) {
                    session.prefill(List.of(prompt), PROMPT);
                    session.await(prompt);
                }
            });
            double flops = PROMPT * (work.body() + work.attention(PROMPT / 2.0));
            rate("prefill, " + PROMPT + " tokens", PROMPT, prefill, flops / machine.flops(), GEMM);
        }
    }

    private DecodeRequest request(int rows) {
        long[] newest = Arrays.stream(tokens(rows)).asLongStream().toArray();
        long[] positions = new long[rows];
        Arrays.fill(positions, CONTEXT);
        float[] uniforms = new float[rows * STEPS];
        Arrays.fill(uniforms, 0.5f);
        long[] forced = new long[rows * STEPS];
        Arrays.fill(forced, -1);
        return new DecodeRequest(newest, positions, uniforms, new boolean[rows], forced);
    }
}
