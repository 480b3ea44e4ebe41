package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Dtype;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.ProductLibrary;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Speed and memory of a model on this machine. */
public final class PolicyBench {
    /** SmolLM2-135M's shape with random weights: speed does not depend on them. */
    public static final String RANDOM = "random:smollm2-135m";

    private static final PolicyConfig SMOLLM2 =
            new PolicyConfig(30, 576, 9, 3, 64, 1536, 49152, 8192, 100_000, 1e-5, true, 0);
    private static final double SPREAD = 0.035;

    /** What is measured. */
    public enum Part {
        /** All speeds. */
        ALL,
        /** Speed of decoding, weight swaps and prefill. */
        DECODING,
        /** Memory of a training pass. */
        MEMORY
    }

    private PolicyBench() {}

    /** Of a model that {@link #run} would measure. */
    public static PolicyConfig shape(String model) {
        return model.equals(RANDOM) ? SMOLLM2 : Checkpoint.fittingConfig(ModelFolder.resolve(model));
    }

    /** Those of {@link #shape}. */
    static WeightSnapshot weights(String model) {
        return model.equals(RANDOM) ? random(SMOLLM2) : Checkpoint.read(ModelFolder.resolve(model), 0);
    }

    /**
     * Measures a model: what {@code --model} takes elsewhere, or {@link #RANDOM}.
     *
     * @param dtype of the generator's weights
     * @param part which figures
     * @param pass whose memory is measured
     */
    public static void run(
            Findings findings, String model, int threads, Dtype dtype, Part part, MemoryBench.Sequences pass) {
        WeightSnapshot weights = weights(model);
        ComputeThread.prepare(threads);
        findings.print(
                "%s, %,d parameters, %s, threads of an operator: %d, products by %s",
                model, weights.config().parameters(), dtype, threads, ProductLibrary.ofMachine());
        ObjectNode json = findings.group("model");
        json.put("name", model)
                .put("threads", threads)
                .put("products", ProductLibrary.ofMachine().toString());
        Consumer<Figure> listener = figure -> add(findings, json, "", figure);
        if (part == Part.MEMORY) new MemoryBench(weights, pass, listener).run();
        else speed(findings, new ModelBench(weights, dtype, ComputeDevice.available(), listener), threads, part);
        if (part == Part.ALL && !ComputeDevice.available().gpu())
            ProductBench.run(threads, listener).forEach(advice -> findings.print("NOTE: %s", advice));
    }

    /** All figures; then, where more sequences or threads are slower than fewer, a line that says so. */
    private static void speed(Findings findings, ModelBench bench, int threads, Part part) {
        bench.run(part == Part.ALL);
        List<String> cliffs = new ArrayList<>(Cliffs.of(bench.decodingRates(), "sequences"));
        if (threads > 1) {
            NavigableMap<Integer, Double> rates = new TreeMap<>();
            rates.put(threads, bench.ofOneSequence());
            ComputeThread.prepare(1);
            rates.put(1, bench.ofOneSequence());
            ComputeThread.prepare(threads);
            cliffs.addAll(Cliffs.of(rates, "threads with one sequence"));
        }
        cliffs.forEach(line -> findings.print("%s", line));
    }

    /** Tells a figure and notes it; the line has some words before it. */
    static void add(Findings findings, ObjectNode json, String before, Figure figure) {
        findings.print("%s", before + figure.text());
        ObjectNode node =
                json.putObject(figure.name()).put("value", figure.value()).put("unit", figure.unit());
        if (!figure.of().isEmpty()) node.put("share", figure.share()).put("of", figure.of());
    }

    /** Norms 1, matrices uniform with the deviation 0.02. */
    static WeightSnapshot random(PolicyConfig shape) {
        SplittableRandom random = new SplittableRandom(1);
        WeightSnapshot weights = new WeightSnapshot(shape, 0);
        for (TensorRange tensor : weights.tensors()) {
            boolean norm = tensor.shape().length == 1;
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.length() * Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining()) bytes.putFloat(norm ? 1 : (float) random.nextDouble(-SPREAD, SPREAD));
            weights.write(tensor.offset() * Float.BYTES, bytes.flip());
        }
        return weights;
    }
}
