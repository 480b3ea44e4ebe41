package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.model.chat.ModelChat;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import io.tramontane.model.gguf.GgufWriter;
import io.tramontane.model.gguf.HalfFloat;
import io.tramontane.model.tokenizer.GgufVocabulary;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy as a GGUF file for llama.cpp: tensors by its names, experts merged into one tensor of each kind, rows of query and
 * key in its order. It is written front to back, some megabytes at a time.
 */
public final class GgufExport {
    /** Numbers that are encoded at a time, unless one row is longer. */
    private static final int PIECE = 1 << 20;

    private final WeightSnapshot weights;
    private final TokenizerFiles tokenizer;
    private final GgufForm form;
    private final GgufVocabulary vocabulary;
    private final boolean interleaved;

    /** As {@link #check}. */
    public GgufExport(WeightSnapshot weights, TokenizerFiles tokenizer, GgufForm form) {
        this.weights = weights;
        this.tokenizer = tokenizer;
        this.form = form;
        PolicyConfig config = weights.config();
        checkShape(config);
        this.vocabulary = vocabulary(config, tokenizer);
        this.interleaved =
                GgufMetadata.interleaved(GgufMetadata.family(config.variant().architecture()));
    }

    /** Refuses a shape or a tokenizer that llama.cpp does not know: before any weight is read. */
    public static void check(PolicyConfig config, TokenizerFiles tokenizer) {
        checkShape(config);
        vocabulary(config, tokenizer);
    }

    private static void checkShape(PolicyConfig config) {
        new GgufRope(config);
        Variant variant = config.variant();
        String family = GgufMetadata.family(variant.architecture());
        if (variant.mixedWindows())
            throw new BadInputException("layers with and without a window of " + variant.window()
                    + " keys cannot be written as GGUF, allowed one for all layers");
        if (variant.window() > 0 && !family.equals("llama"))
            throw new BadInputException("a window of " + variant.window()
                    + " keys cannot be written as GGUF of the family " + family + ", allowed none");
    }

    private static GgufVocabulary vocabulary(PolicyConfig config, TokenizerFiles tokenizer) {
        List<Integer> ends = new ArrayList<>(List.of(config.endOfText()));
        ends.addAll(config.variant().otherEnds());
        return GgufVocabulary.of(tokenizer, config.vocabulary(), ends);
    }

    /**
     * Writes the file; the stream stays open.
     *
     * @param name for {@code general.name}
     */
    public void write(OutputStream out, String name) throws IOException {
        GgufWriter writer = new GgufWriter(out);
        new GgufMetadata(weights.config(), form).write(writer, name);
        vocabulary.write(writer);
        ModelChat.text(tokenizer).ifPresent(template -> writer.text("tokenizer.chat_template", template));
        Map<String, List<TensorRange>> tensors = new LinkedHashMap<>();
        for (TensorRange range : weights.tensors())
            tensors.computeIfAbsent(GgufNames.of(range.name()), key -> new ArrayList<>())
                    .add(range);
        float[] divisors = new GgufRope(weights.config()).divisors();
        if (divisors.length > 0) writer.tensor(GgufNames.ROPE_FACTORS, Encoding.F32, divisors.length);
        tensors.forEach((label, ranges) -> {
            long[] shape = shape(ranges);
            writer.tensor(label, form.encoding(label, shape), shape);
        });
        writer.begin();
        if (divisors.length > 0) writer.put(divisors, divisors.length);
        for (Map.Entry<String, List<TensorRange>> tensor : tensors.entrySet()) {
            Encoding encoding = form.encoding(tensor.getKey(), shape(tensor.getValue()));
            for (TensorRange range : tensor.getValue()) put(writer, range, encoding);
        }
        writer.end();
    }

    /** Experts lie one after the other. */
    private static long[] shape(List<TensorRange> ranges) {
        long[] one = ranges.get(0).shape();
        return GgufNames.expert(ranges.get(0).name()) < 0 ? one : new long[] {ranges.size(), one[0], one[1]};
    }

    private void put(GgufWriter writer, TensorRange range, Encoding encoding) throws IOException {
        long[] shape = range.shape();
        int row = Math.toIntExact(shape[shape.length - 1]);
        long rows = range.length() / row;
        int most = (int) Math.min(rows, Math.max(1, PIECE / row));
        boolean moved = interleaved
                && (range.name().endsWith("q_proj.weight") || range.name().endsWith("k_proj.weight"));
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(most * row, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[most * row];
        for (long at = 0; at < rows; at += most) {
            int count = (int) Math.min(most, rows - at);
            bytes.clear().limit(count * row * Float.BYTES);
            if (moved) rows(range, at, row, bytes);
            else weights.read((range.offset() + at * row) * Float.BYTES, bytes);
            bytes.flip().asFloatBuffer().get(numbers, 0, count * row);
            check(range, encoding, numbers, count * row);
            writer.put(numbers, count * row);
        }
    }

    /** Fills the buffer with rows in llama.cpp's order, from row {@code first} of the file's on. */
    private void rows(TensorRange range, long first, int row, ByteBuffer bytes) {
        int limit = bytes.limit();
        for (long to = first; bytes.position() < limit; to++) {
            bytes.limit(bytes.position() + row * Float.BYTES);
            long from = TensorReader.target(to, weights.config().headSize());
            weights.read((range.offset() + from * row) * Float.BYTES, bytes);
        }
    }

    /** What an encoding cannot hold would become an infinity, or garbage. */
    private static void check(TensorRange range, Encoding encoding, float[] numbers, int count) {
        boolean blocks = encoding == Encoding.Q8_0;
        if (!blocks && encoding != Encoding.F16) return;
        float most = blocks ? 127 * HalfFloat.TOO_LARGE : HalfFloat.TOO_LARGE;
        float largest = 0;
        for (int i = 0; i < count; i++) largest = Math.max(largest, Math.abs(numbers[i])); // NaN stays
        if (!(largest < most))
            throw new BadInputException("tensor " + range.name() + ": a number of magnitude " + largest + ", "
                    + encoding + " allows less than " + most + ": write BF16 or F32");
    }
}
