package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matrices in floats of 8 bits (E4M3: sign, 4 bits of exponent, 3 of fraction; no infinities): value times a scale in
 * float32, as transformers and vLLM dequantise. Scales are one number, one for each row, or one for each block.
 */
final class Fp8 {
    private static final Logger LOG = LoggerFactory.getLogger(Fp8.class);
    private static final List<String> SCALES = List.of("weight_scale_inv", "weight_scale", "qscale_weight");
    private static final List<String> OF_ACTIVATIONS =
            List.of("qscale_act", ".input_scale", ".activation_scale", ".q_scale", ".k_scale", ".v_scale", ".kv_scale");
    private static final float[] VALUES = new float[256];

    static {
        for (int bits = 0; bits < 256; bits++) {
            int exponent = bits >> 3 & 0xF;
            int fraction = bits & 7;
            float value = exponent == 0 ? fraction * 0x1p-9f : (8 + fraction) * (float) Math.pow(2, exponent - 10);
            if (exponent == 15 && fraction == 7) value = Float.NaN;
            VALUES[bits] = bits < 128 ? value : -value;
        }
    }

    private Fp8() {}

    /** The number of a byte. */
    static float value(byte bits) {
        return VALUES[bits & 0xFF];
    }

    /**
     * Gives every matrix of 8 bits its scale and takes the scales out of the map. Scales of activations are for arithmetic
     * in 8 bits, which is not done: they are left out, with one line.
     */
    static Map<String, StoredTensor> scaled(Path folder, Quantization form, Map<String, StoredTensor> stored) {
        if (stored.values().stream().noneMatch(tensor -> tensor.encoding() == Encoding.F8_E4M3)) return stored;
        Map<String, StoredTensor> plain = new LinkedHashMap<>(stored);
        plain.keySet().removeIf(name -> OF_ACTIVATIONS.stream().anyMatch(name::endsWith));
        int left = stored.size() - plain.size();
        int matrices = 0;
        for (Map.Entry<String, StoredTensor> entry : stored.entrySet()) {
            StoredTensor tensor = entry.getValue();
            if (tensor.encoding() != Encoding.F8_E4M3 || !plain.containsKey(entry.getKey())) continue;
            String scale = nameOfScale(entry.getKey(), stored);
            if (scale == null)
                throw new BadInputException(
                        tensor.what() + ": F8_E4M3 without a scale, allowed beside it " + String.join(", ", SCALES));
            plain.put(entry.getKey(), tensor.times(scale(tensor, plain.remove(scale), form)));
            matrices++;
        }
        LOG.info(
                "{}: {} matrices in 8 bits are read as float32; {} scales of activations are left out: products are"
                        + " computed in the trainer's and the generator's own types",
                folder,
                matrices,
                left);
        return plain;
    }

    private static String nameOfScale(String matrix, Map<String, StoredTensor> stored) {
        if (!matrix.endsWith(".weight")) return null;
        String module = matrix.substring(0, matrix.length() - "weight".length());
        return SCALES.stream()
                .map(module::concat)
                .filter(stored::containsKey)
                .findFirst()
                .orElse(null);
    }

    /** Checks the shape of the scales before they are read. */
    private static Scale scale(StoredTensor tensor, StoredTensor numbers, Quantization form) {
        if (numbers == null || numbers.encoding() == Encoding.F8_E4M3 || tensor.shape().length != 2)
            throw new BadInputException(tensor.what() + ": F8_E4M3 is no matrix with a scale of its own in float");
        long rows = Math.max(1, tensor.shape()[0]);
        long columns = Math.max(1, tensor.shape()[1]);
        long[] shape = numbers.shape();
        if (numbers.length() == 1) return new Scale(numbers, rows, columns);
        if (Arrays.equals(shape, new long[] {rows}) || Arrays.equals(shape, new long[] {rows, 1}))
            return new Scale(numbers, 1, columns);
        if (form.rows() > 0) {
            long[] blocks = {(rows + form.rows() - 1) / form.rows(), (columns + form.columns() - 1) / form.columns()};
            if (Arrays.equals(shape, blocks)) return new Scale(numbers, form.rows(), form.columns());
        }
        throw new BadInputException(numbers.what() + ": shape " + Arrays.toString(shape) + " is no scale of "
                + Arrays.toString(tensor.shape()) + ", allowed one number, one for each row"
                + (form.rows() > 0 ? ", one for each " + form.rows() + " by " + form.columns() : ""));
    }

    /**
     * The scales of one matrix.
     *
     * @param numbers where they lie, row of blocks after row of blocks
     * @param rows and columns: of the matrix that share one
     */
    record Scale(StoredTensor numbers, long rows, long columns) {
        float[] read() {
            float[] scales = new float[Math.toIntExact(numbers.length())];
            try (TensorReader reader = new TensorReader(numbers.file())) {
                reader.read(numbers, scales);
            }
            return scales;
        }

        /** Multiplies the numbers from {@code at} on of a matrix with {@code width} columns. */
        void apply(float[] scales, long width, long at, ByteBuffer floats) {
            long across = (width + columns - 1) / columns;
            for (int i = floats.position(); i < floats.limit(); ) {
                long index = at + (i - floats.position()) / Float.BYTES;
                long column = index % width;
                float scale = scales[(int) (index / width / rows * across + column / columns)];
                long run = Math.min(
                        Math.min(width, (column / columns + 1) * columns) - column, (floats.limit() - i) / Float.BYTES);
                for (long end = i + run * Float.BYTES; i < end; i += Float.BYTES)
                    floats.putFloat(i, floats.getFloat(i) * scale);
            }
        }
    }
}
