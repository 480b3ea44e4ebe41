package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.model.Variant.Experts;
import io.tramontane.model.Variant.QueryScaling;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufTensor;
import io.tramontane.model.gguf.GgufTokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A policy from a GGUF file: its shape from the metadata, its weights by llama.cpp's names. Mistral models come as
 * Llama, since that is how such files are labelled; one with a window is read as a Mistral.
 */
final class GgufModel {
    private final GgufFile file;
    private final String family;
    private final PolicyConfig config;

    private GgufModel(GgufFile file) {
        this.file = file;
        this.family = file.text("general.architecture").orElseThrow(() -> missing("general.architecture"));
        try {
            this.config = readConfig();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw bad(e.getMessage());
        }
    }

    static GgufModel open(Path file) {
        return new GgufModel(GgufFile.open(file));
    }

    PolicyConfig config() {
        return config;
    }

    private BadInputException bad(String what) {
        return new BadInputException(file.file() + ": " + what);
    }

    private BadInputException missing(String key) {
        return bad("metadata key " + key + " is missing");
    }

    private PolicyConfig readConfig() {
        Architecture architecture = architecture();
        int width = number("embedding_length");
        int heads = number("attention.head_count");
        if (heads < 1) throw bad(family + ".attention.head_count " + heads + ", allowed >= 1");
        int headSize = number("attention.key_length", width / heads);
        refuse(headSize);
        List<Integer> ends = GgufTokenizer.ends(file);
        if (ends.isEmpty()) throw missing("tokenizer.ggml.eos_token_id");
        GgufTensor embedding = file.tensors().get("token_embd.weight");
        if (embedding == null) throw bad("tensor token_embd.weight is missing");
        return new PolicyConfig(
                number("block_count"),
                width,
                heads,
                number("attention.head_count_kv", heads),
                headSize,
                number("feed_forward_length"),
                Math.toIntExact(embedding.shape()[0]),
                number("context_length"),
                real("rope.freq_base", 10000),
                real("attention.layer_norm_rms_epsilon", 1e-6),
                !file.tensors().containsKey("output.weight"),
                ends.get(0),
                new Variant(
                        architecture,
                        window(),
                        List.of(),
                        ropeScaling(headSize),
                        queries(),
                        experts(),
                        ends.subList(1, ends.size())));
    }

    private double queryScale() {
        return real("attention.temperature_scale", 0);
    }

    /** llama.cpp's steps are those of yarn's original context. */
    private QueryScaling queries() {
        if (queryScale() == 0) return QueryScaling.none();
        int context = number("context_length");
        return new QueryScaling(queryScale(), number("rope.scaling." + GgufRope.ORIGINAL_POSITIONS, context));
    }

    private Architecture architecture() {
        return switch (family) {
            case "llama" -> {
                if (number("expert_count", 0) > 0) yield Architecture.MIXTRAL;
                yield window() > 0 ? Architecture.MISTRAL : Architecture.LLAMA;
            }
            case "mistral3" -> queryScale() > 0 ? Architecture.MINISTRAL3 : Architecture.MISTRAL;
            case "qwen2" -> Architecture.QWEN2;
            case "qwen3" -> Architecture.QWEN3;
            default ->
                throw bad(
                        "general.architecture " + family + " is not supported, allowed llama, mistral3, qwen2, qwen3");
        };
    }

    private void refuse(int headSize) {
        if (!family.equals("llama") && window() > 0)
            throw bad(family + ".attention.sliding_window " + window() + " is not supported, allowed none below "
                    + family + ".context_length");
        for (String key : List.of("attention.value_length", "rope.dimension_count"))
            if (number(key, headSize) != headSize)
                throw bad(family + "." + key + " " + number(key, headSize) + ", expected the head size " + headSize);
    }

    private int window() {
        int window = number("attention.sliding_window", 0);
        return window >= number("context_length") ? 0 : window;
    }

    private Experts experts() {
        int count = number("expert_count", 0);
        return count == 0 ? Experts.none() : new Experts(count, number("expert_used_count"));
    }

    private RopeScaling ropeScaling(int headSize) {
        String prefix = family + GgufRope.SCALING;
        String type = file.text(prefix + "type").orElse("none");
        double factor = real("rope.scaling.factor", 1);
        int original = number("rope.scaling." + GgufRope.ORIGINAL_POSITIONS, number("context_length"));
        GgufTensor tensor = file.tensors().get(GgufNames.ROPE_FACTORS);
        if (type.equals("none") && tensor != null) return divided(tensor, headSize);
        if (tensor != null)
            throw bad("tensor " + GgufNames.ROPE_FACTORS + " with " + prefix + "type " + type + ", allowed none");
        return switch (type) {
            case "none" -> RopeScaling.none();
            case "linear" -> factor == 1 ? RopeScaling.none() : new RopeScaling.Linear(factor);
            case "yarn" ->
                new RopeScaling.Yarn(
                        factor,
                        real("rope.scaling.yarn_beta_fast", 32),
                        real("rope.scaling.yarn_beta_slow", 1),
                        original,
                        yarnAttention(factor),
                        true);
            default -> throw bad(prefix + "type " + type + " is not supported, allowed none, linear, yarn");
        };
    }

    /** By how much scores grow; the family mistral3 states by what that is divided again. */
    private double yarnAttention(double factor) {
        double growth = RopeScaling.Yarn.attentionFactor(factor, 1);
        double weight = real("rope.scaling." + GgufRope.LOG_MULTIPLIER, 0);
        if (weight != 0) return growth / RopeScaling.Yarn.attentionFactor(factor, weight);
        return growth * real("rope.scaling." + GgufRope.ATTENTION_FACTOR, 1);
    }

    private RopeScaling divided(GgufTensor tensor, int headSize) {
        float[] divisors = new float[headSize / 2];
        if (tensor.length() != divisors.length || tensor.encoding() != GgufTensor.Encoding.F32)
            throw bad("tensor " + GgufNames.ROPE_FACTORS + " is no list of " + divisors.length + " F32 numbers");
        try (TensorReader reader = new TensorReader(file.file())) {
            reader.read(stored(tensor), divisors);
        }
        double base = real("rope.freq_base", 10000);
        double[] frequencies = new double[divisors.length];
        for (int i = 0; i < divisors.length; i++) frequencies[i] = Math.pow(base, -2.0 * i / headSize);
        return GgufRope.of(
                divisors,
                frequencies,
                number("rope.scaling." + GgufRope.ORIGINAL_POSITIONS, 8192),
                real("rope.scaling." + GgufRope.ATTENTION_FACTOR, 1));
    }

    private int number(String key) {
        return integer(family + "." + key, file.integer(family + "." + key));
    }

    private int number(String key, int otherwise) {
        OptionalLong value = file.integer(family + "." + key);
        return value.isEmpty() ? otherwise : integer(family + "." + key, value);
    }

    private int integer(String key, OptionalLong value) {
        if (value.isEmpty()) throw missing(key);
        if (value.getAsLong() < 0 || value.getAsLong() > Integer.MAX_VALUE)
            throw bad(key + " " + Long.toUnsignedString(value.getAsLong()) + ", allowed 0 to " + Integer.MAX_VALUE);
        return (int) value.getAsLong();
    }

    /** Single precision numbers as the shortest decimals that they are the nearest to: 1e-5, not 9.99999974737875E-6. */
    private double real(String key, double otherwise) {
        OptionalDouble value = file.real(family + "." + key);
        if (value.isEmpty()) return otherwise;
        float single = (float) value.getAsDouble();
        return single == value.getAsDouble() ? Double.parseDouble(Float.toString(single)) : value.getAsDouble();
    }

    private StoredTensor stored(GgufTensor tensor) {
        return new StoredTensor(
                file.file(), tensor.name(), tensor.encoding(), tensor.shape(), tensor.offset(), tensor.bytes());
    }

    /** All weights that the process holds as float32. */
    WeightSnapshot read(int version, Sharding sharding) {
        Set<String> unused = new HashSet<>(file.tensors().keySet());
        unused.remove(GgufNames.ROPE_FACTORS);
        new TensorLayout(config).forEach(range -> {
            unused.remove(GgufNames.of(range.name()));
            source(range);
        });
        if (!unused.isEmpty())
            throw bad("tensor " + unused.iterator().next() + " does not belong to a " + family + " of this shape");
        WeightSnapshot weights = new WeightSnapshot(config, config.tensors(), version, sharding.weights(config));
        boolean interleaved = GgufMetadata.interleaved(family);
        try (TensorReader reader = new TensorReader(file.file())) {
            for (TensorRange range : config.tensors()) {
                boolean rotated =
                        range.name().endsWith("q_proj.weight") || range.name().endsWith("k_proj.weight");
                StoredTensor tensor = source(range);
                if (rotated && interleaved) reader.copyInterleaved(tensor, weights, range, config.headSize());
                else reader.copy(tensor, weights, range);
            }
        }
        return weights;
    }

    private StoredTensor source(TensorRange range) {
        String name = GgufNames.of(range.name());
        GgufTensor tensor = file.tensors().get(name);
        if (tensor == null) throw bad("tensor " + name + " is missing");
        StoredTensor stored = stored(tensor);
        int expert = GgufNames.expert(range.name());
        if (expert < 0) {
            stored.checkShape(range.shape());
            return stored;
        }
        long[] side = range.shape();
        stored.checkShape(new long[] {config.variant().experts().count(), side[0], side[1]});
        return stored.part(expert, side);
    }
}
