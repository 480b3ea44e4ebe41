package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Dtype;
import io.tramontane.model.Numerics;
import io.tramontane.model.SequenceScorer;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One device: whether it computes what the CPU computes, and how fast. Groups of the JSON:
 *
 * <pre>
 *   device                  what it is
 *   numerics                differences from the CPU in float32, for weights as they are and with large logits
 *   float32, bfloat16       decoding, prefill, training, each beside the roofline that bounds it
 * </pre>
 *
 * What several devices do together gets a group of its own, beside these.
 */
public final class DeviceBench {
    private static final List<Dtype> TYPES = List.of(Dtype.FLOAT32, Dtype.BFLOAT16);

    /** Allowed mean differences of log-probabilities in bfloat16: of logits as they come, and of large ones. */
    private static final double HALF_LIMIT = 2e-2;

    /** What bfloat16 loses in many layers is multiplied with the logits. */
    private static final double LARGE_HALF_LIMIT = 4e-2;

    private static final double LARGEST_LOGIT = 20;

    private final Findings findings;
    private final WeightSnapshot weights;
    private final ComputeDevice device;
    private boolean passed = true;

    private DeviceBench(Findings findings, WeightSnapshot weights, ComputeDevice device) {
        this.findings = findings;
        this.weights = weights;
        this.device = device;
    }

    /**
     * Measures.
     *
     * @param model as for {@link PolicyBench#run}
     * @return whether all differences are within their limits
     */
    public static boolean run(Findings findings, String model, int threads, ComputeDevice device) {
        WeightSnapshot weights = PolicyBench.weights(model);
        ComputeThread.prepare(threads);
        long parameters = weights.config().parameters();
        findings.print("%s, %s, %,d parameters, threads of an operator: %d", device, model, parameters, threads);
        ObjectNode json = findings.group("device");
        json.put("name", device.toString()).put("card", device.card());
        json.put("model", model).put("parameters", parameters).put("threads", threads);
        if (device.gpu()) findings.print("%s", device.card());
        return new DeviceBench(findings, weights, device).run();
    }

    private boolean run() {
        for (Dtype dtype : TYPES) speed(dtype); // first: it leaves the weights as they are
        ObjectNode json = findings.group("numerics");
        numerics(json, "", HALF_LIMIT);
        double largest = largestLogit();
        louder(Math.pow(
                2, Math.round(Math.log(LARGEST_LOGIT / largest) / Math.log(2)))); // which bfloat16 does not round
        numerics(json, "large logits, ", LARGE_HALF_LIMIT);
        findings.print(passed ? "numerics: all within their limits" : "numerics: FAILED");
        json.put("passed", passed);
        return passed;
    }

    private void speed(Dtype dtype) {
        ObjectNode json = findings.group(dtype.toString());
        new ModelBench(weights, dtype, device, figure -> PolicyBench.add(findings, json, dtype + ": ", figure))
                .calls(true);
    }

    private void numerics(ObjectNode json, String logits, double halfLimit) {
        String[] type = new String[1];
        DeviceNumerics numerics = new DeviceNumerics(weights, halfLimit, check -> {
            String name = logits + type[0] + ", " + check.name();
            json.putObject(name)
                    .put("value", check.value())
                    .put("limit", check.limit())
                    .put("passed", check.passed());
            findings.print(
                    "%s: %.1e, limit %.0e%s", name, check.value(), check.limit(), check.passed() ? "" : ": FAILED");
            passed &= check.passed();
        });
        for (Dtype dtype : TYPES) {
            type[0] = dtype.toString().toLowerCase(Locale.ROOT);
            numerics.compare(dtype, device);
        }
    }

    private double largestLogit() {
        int[] tokens = new Random(2)
                .ints(DeviceNumerics.PROMPT, 0, weights.config().vocabulary())
                .toArray();
        try (SequenceScorer scorer = new SequenceScorer(weights, Numerics.FAST, ComputeDevice.CPU)) {
            double largest = 0;
            for (float logit : scorer.logits(tokens)) largest = Math.max(largest, Math.abs(logit));
            return largest;
        }
    }

    /** Multiplies the last norm's gain, and with it all logits. */
    private void louder(double factor) {
        for (TensorRange tensor : weights.tensors()) {
            if (!tensor.name().equals("model.norm.weight")) continue;
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.length() * Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            weights.read(tensor.offset() * Float.BYTES, bytes);
            for (int i = 0; i < bytes.capacity(); i += Float.BYTES)
                bytes.putFloat(i, (float) (factor * bytes.getFloat(i)));
            weights.write(tensor.offset() * Float.BYTES, bytes.rewind());
        }
    }
}
