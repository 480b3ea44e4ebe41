package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.*;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufTensor;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import io.tramontane.model.gguf.HalfFloat;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What export --gguf writes, read again. tools/gguf_check.py compares it with llama.cpp. */
class GgufExportTest {
    @TempDir
    Path folder;

    /** Three tokens, of which the last ends a text; the models have 72. */
    static TokenizerFiles tokenizer() {
        String json = "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"</s>\":2},\"merges\":[]},"
                + "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false},"
                + "\"added_tokens\":[{\"id\":2,\"content\":\"</s>\",\"special\":true}]}";
        return new TokenizerFiles(
                "test",
                Map.of(
                        "tokenizer.json",
                        json.getBytes(StandardCharsets.UTF_8),
                        "tokenizer_config.json",
                        "{\"eos_token\":\"</s>\",\"chat_template\":\"{{ messages }}\"}"
                                .getBytes(StandardCharsets.UTF_8)));
    }

    private Path written(WeightSnapshot weights, GgufForm form) throws IOException {
        Path file = folder.resolve(form + ".gguf");
        try (OutputStream out = Files.newOutputStream(file)) {
            new GgufExport(weights, tokenizer(), form).write(out, "a name");
        }
        return file;
    }

    private static WeightSnapshot fixture(String name) {
        return Checkpoint.read(Fixture.resources().resolve(name), 0);
    }

    private static float[] numbers(WeightSnapshot weights, TensorRange range) {
        ByteBuffer bytes = ByteBuffer.allocate((int) range.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(range.offset() * 4, bytes);
        float[] numbers = new float[(int) range.length()];
        bytes.flip().asFloatBuffer().get(numbers);
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama2", "llama3", "mistral", "qwen2", "qwen3", "smollm2", "mixtral"})
    void whatIsWrittenInSinglePrecisionIsReadBitForBit(String name) throws IOException {
        WeightSnapshot weights = fixture(name);
        Path file = written(weights, GgufForm.F32);
        assertEquals(weights.config(), Checkpoint.config(file));
        assertEquals(weights.digest(), Checkpoint.read(file, 0).digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "mixtral"})
    void halfPrecisionRoundsMatricesAlone(String name) throws IOException {
        WeightSnapshot weights = fixture(name);
        WeightSnapshot read = Checkpoint.read(written(weights, GgufForm.F16), 0);
        for (TensorRange range : weights.tensors()) {
            float[] expected = numbers(weights, range);
            boolean exact = range.shape().length == 1 || range.name().endsWith("block_sparse_moe.gate.weight");
            for (int i = 0; !exact && i < expected.length; i++)
                expected[i] = HalfFloat.toFloat(HalfFloat.of(expected[i]));
            assertArrayEquals(expected, numbers(read, range), range.name());
        }
    }

    /** Width 32, 48 hidden: rows of 48 are no whole blocks. The largest number of a block has 127 steps. */
    @Test
    void eightBitsKeepEveryNumberWithinHalfAStep() throws IOException {
        WeightSnapshot weights = fixture("mixtral");
        Path file = written(weights, GgufForm.Q8_0);
        Map<String, GgufTensor> tensors = GgufFile.open(file).tensors();
        assertEquals(Encoding.Q8_0, tensors.get("token_embd.weight").encoding());
        assertEquals(Encoding.Q8_0, tensors.get("blk.1.ffn_up_exps.weight").encoding());
        assertEquals(Encoding.F16, tensors.get("blk.1.ffn_down_exps.weight").encoding());
        assertEquals(Encoding.F32, tensors.get("blk.1.ffn_gate_inp.weight").encoding());
        assertEquals(Encoding.F32, tensors.get("blk.1.attn_norm.weight").encoding());
        WeightSnapshot read = Checkpoint.read(file, 0);
        for (TensorRange range : weights.tensors()) {
            if (range.name().contains(".w2.") || range.shape().length == 1) continue;
            float[] given = numbers(weights, range);
            float[] found = numbers(read, range);
            for (int block = 0; block < given.length; block += 32) {
                double largest = 0;
                for (int i = block; i < block + 32; i++) largest = Math.max(largest, Math.abs(given[i]));
                // half a step, and 127 times the rounding of the scale to half precision
                double most = largest / 127 / 2 + largest / 2048 + 1e-7;
                for (int i = block; i < block + 32; i++) assertEquals(given[i], found[i], most, range.name());
            }
        }
    }

    @Test
    void expertsAreOneTensorAndRotatedRowsArePairs() throws IOException {
        WeightSnapshot weights = fixture("mixtral");
        GgufFile file = GgufFile.open(written(weights, GgufForm.F32));
        GgufTensor experts = file.tensors().get("blk.0.ffn_gate_exps.weight");
        assertArrayEquals(new long[] {4, 48, 32}, experts.shape());
        assertArrayEquals(
                numbers(weights, named(weights, "model.layers.0.block_sparse_moe.experts.3.w1.weight")),
                raw(file, experts, 3 * 48 * 32, 48 * 32));
        // heads of 8 rows: rows 0, 4, 1, 5, ... of ours
        float[] query = numbers(weights, named(weights, "model.layers.0.self_attn.q_proj.weight"));
        GgufTensor stored = file.tensors().get("blk.0.attn_q.weight");
        assertArrayEquals(Arrays.copyOfRange(query, 4 * 32, 5 * 32), raw(file, stored, 32, 32));
        assertArrayEquals(Arrays.copyOfRange(query, 9 * 32, 10 * 32), raw(file, stored, 10 * 32, 32));
    }

    private static TensorRange named(WeightSnapshot weights, String name) {
        return weights.tensors().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static float[] raw(GgufFile file, GgufTensor tensor, int from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file.file())).order(ByteOrder.LITTLE_ENDIAN);
        float[] numbers = new float[count];
        bytes.position((int) tensor.offset() + 4 * from)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(numbers);
        return numbers;
    }

    @Test
    void theMetadataSayWhatLlamaCppReads() throws IOException {
        GgufFile file = GgufFile.open(written(fixture("mistral"), GgufForm.Q8_0));
        assertEquals("llama", file.text("general.architecture").get());
        assertEquals("a name", file.text("general.name").get());
        assertEquals(7, file.integer("general.file_type").getAsLong());
        assertEquals(2, file.integer("llama.block_count").getAsLong());
        assertEquals(12, file.integer("llama.attention.key_length").getAsLong());
        assertEquals(12, file.integer("llama.rope.dimension_count").getAsLong());
        assertEquals(16, file.integer("llama.attention.sliding_window").getAsLong());
        assertEquals(72, file.texts("tokenizer.ggml.tokens").get().size());
        assertEquals("gpt-2", file.text("tokenizer.ggml.pre").get());
        assertEquals(2, file.integer("tokenizer.ggml.eos_token_id").getAsLong());
        assertEquals("{{ messages }}", file.text("tokenizer.chat_template").get());
        for (GgufTensor tensor : file.tensors().values()) assertEquals(0, tensor.offset() % 32, tensor.name());
        assertTrue(file.keys().stream().noneMatch(key -> key.contains("expert")));
        GgufFile scaled = GgufFile.open(written(fixture("llama3"), GgufForm.F16));
        assertEquals(Encoding.F32, scaled.tensors().get("rope_freqs.weight").encoding());
        assertEquals(5, scaled.integer("tokenizer.ggml.eot_token_id").getAsLong());
        assertFalse(scaled.tensors().containsKey("output.weight")); // its head is the embedding
    }

    private PolicyConfig read(PolicyConfig config) throws IOException {
        return Checkpoint.config(written(new WeightSnapshot(config, 0), GgufForm.F32));
    }

    private static PolicyConfig small(Variant variant) {
        return new PolicyConfig(1, 32, 2, 1, 16, 32, 8, 256, 10000, 1e-5, false, 2, variant);
    }

    @Test
    void scaledRotationIsReadAsItWasWritten() throws IOException {
        double grown = RopeScaling.Yarn.attentionFactor(8, 1);
        RopeScaling.Yarn yarn = new RopeScaling.Yarn(8, 32, 1, 64, grown, true);
        for (Architecture architecture : List.of(Architecture.LLAMA, Architecture.QWEN2, Architecture.QWEN3))
            for (RopeScaling scaling : List.of(new RopeScaling.Linear(4), yarn)) {
                PolicyConfig config = small(Variant.of(architecture).withRope(scaling));
                assertEquals(config, read(config));
            }
        PolicyConfig ministral = small(Variant.of(Architecture.MINISTRAL3)
                .withRope(new RopeScaling.Yarn(8, 32, 1, 64, 1, true))
                .withQueries(new Variant.QueryScaling(0.5, 64)));
        assertEquals(ministral, read(ministral));
    }

    @Test
    void otherScalingsAreAListOfDivisorsAndAFactor() throws IOException {
        RopeScaling.Yarn level = new RopeScaling.Yarn(8, 32, 1, 64, 1.25, true);
        PolicyConfig config = small(Variant.of(Architecture.LLAMA).withRope(level));
        RopeScaling found = read(config).variant().rope();
        assertArrayEquals(level.divisors(config), found.divisors(config), 1e-6);
        assertEquals(1.25, found.attentionFactor());
        assertEquals(
                "rope_scaling Yarn with such an attention factor: llama.cpp does not compute it for the family qwen2",
                refusal(Variant.of(Architecture.QWEN2).withRope(level)));
        assertEquals(
                "rope_scaling Llama3: llama.cpp does not compute it for the family qwen3",
                refusal(Variant.of(Architecture.QWEN3).withRope(new RopeScaling.Llama3(8, 1, 4, 64))));
    }

    @Test
    void whatLlamaCppDoesNotComputeIsRefused() {
        assertEquals(
                "layers with and without a window of 8 keys cannot be written as GGUF, allowed one for all layers",
                refusal(Variant.of(Architecture.MINISTRAL).withWindow(8, List.of(0))));
        assertEquals(
                "a window of 8 keys cannot be written as GGUF of the family qwen2, allowed none",
                refusal(Variant.of(Architecture.QWEN2).withWindow(8)));
        assertEquals(
                "llama_4_scaling_beta 0.5: llama.cpp has it only with yarn, and steps of its original context, not 32",
                refusal(Variant.of(Architecture.MINISTRAL3).withQueries(new Variant.QueryScaling(0.5, 32))));
    }

    private static String refusal(Variant variant) {
        return assertThrows(BadInputException.class, () -> GgufExport.check(small(variant), tokenizer()))
                .getMessage();
    }

    @Test
    void aNumberThatTheFormCannotHoldIsNamed() throws IOException {
        WeightSnapshot weights = fixture("llama2");
        TensorRange range = named(weights, "model.layers.1.mlp.up_proj.weight");
        weights.write(
                range.offset() * 4,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(7e4f)
                        .flip());
        assertEquals(
                "tensor model.layers.1.mlp.up_proj.weight: a number of magnitude 70000.0, F16 allows less than 65520.0:"
                        + " write BF16 or F32",
                assertThrows(BadInputException.class, () -> written(weights, GgufForm.F16))
                        .getMessage());
        assertEquals(
                weights.digest(),
                Checkpoint.read(written(weights, GgufForm.F32), 0).digest());
        weights.write(
                range.offset() * 4,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(Float.NaN)
                        .flip());
        assertTrue(assertThrows(BadInputException.class, () -> written(weights, GgufForm.Q8_0))
                .getMessage()
                .contains("magnitude NaN, Q8_0 allows less than"));
    }
}
