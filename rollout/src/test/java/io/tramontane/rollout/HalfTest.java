package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.Dtype;
import io.tramontane.model.Numerics;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SequenceScorer;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A generator in bfloat16: what it says of its tokens is what the trainer's float32 forward says, nearly. */
class HalfTest {
    /** Of weights as a model of usual sides has them. */
    private static final double LIMIT = 2e-2;

    /** The fixtures' states have 36 numbers and heads 4, and their matrices are ten times as large as usual. */
    private static final double FIXTURE_LIMIT = 5e-2;

    private final Random random = new Random(5);

    private int[] tokens(WeightSnapshot weights, int count) {
        return random.ints(count, 0, weights.config().vocabulary()).toArray();
    }

    private List<CompletedRequest> sampled(WeightSnapshot weights, Dtype dtype) {
        RolloutConfig config = new RolloutConfig(2, 5, 3, 150, 24, 1.0, 1.0, false, 140, dtype);
        List<CompletedRequest> groups = new ArrayList<>();
        try (Generator generator =
                new Generator(weights, new Ids(weights.config().vocabulary(), -1), config, 1)) {
            for (int length : new int[] {1, 33, 150}) {
                Problem problem = Problem.math("p" + length, "en", "-", "-", Map.of());
                generator.submit(CompletionRequest.of(length, tokens(weights, length))
                        .samples(2)
                        .build());
            }
            while (generator.live() > 0) groups.addAll(generator.step());
        }
        return groups;
    }

    /** Mean of |generator - trainer| over all tokens. */
    static double difference(WeightSnapshot weights, List<CompletedRequest> groups) {
        double sum = 0;
        int count = 0;
        try (Policy policy = new Policy(weights)) {
            for (CompletedRequest group : groups)
                for (Completion completion : group.completions()) {
                    int[] prompt = group.request().promptTokens();
                    int[] all = Arrays.copyOf(prompt, prompt.length + completion.length());
                    System.arraycopy(completion.tokens(), 0, all, prompt.length, completion.length());
                    float[] expected = policy.logprobs(PackedSequences.of(all, prompt.length), 1);
                    for (int t = 0; t < expected.length; t++)
                        sum += Math.abs(expected[t] - completion.behaviourLogprobs()[t]);
                    count += expected.length;
                }
        }
        return sum / count;
    }

    private float largestLogit(WeightSnapshot weights) {
        try (SequenceScorer scorer = new SequenceScorer(weights, Numerics.FAST, ComputeDevice.CPU)) {
            float[] logits = scorer.logits(tokens(weights, 64));
            float largest = 0;
            for (float logit : logits) largest = Math.max(largest, Math.abs(logit));
            return largest;
        }
    }

    /** The last norm's gain, and with it all logits, times a factor. */
    private static WeightSnapshot louder(WeightSnapshot weights, float factor) {
        TensorRange gain = weights.tensors().stream()
                .filter(t -> t.name().equals("model.norm.weight"))
                .findFirst()
                .orElseThrow();
        ByteBuffer bytes =
                ByteBuffer.allocate((int) gain.length() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(gain.offset() * Float.BYTES, bytes);
        for (int i = 0; i < gain.length(); i++)
            bytes.putFloat(i * Float.BYTES, factor * bytes.getFloat(i * Float.BYTES));
        weights.write(gain.offset() * Float.BYTES, bytes.rewind());
        return weights;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "llama3",
                "mistral",
                "qwen2",
                "qwen3",
                "smollm2",
                "mixtral",
                "ministral",
                "ministral3",
                "yarn",
                "longrope"
            })
    void everyArchitectureSamplesToTheEndCloseToTheTrainer(String name) {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0);
        List<CompletedRequest> groups = sampled(weights, Dtype.BFLOAT16);
        assertEquals(3, groups.size());
        double difference = difference(weights, groups);
        assertTrue(difference < FIXTURE_LIMIT, name + ": " + difference);
        assertTrue(difference > 1e-3, name + " is not in bfloat16: " + difference);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "llama3",
                "mistral",
                "qwen2",
                "qwen3",
                "smollm2",
                "mixtral",
                "ministral",
                "ministral3",
                "yarn",
                "longrope"
            })
    void alsoWhereLogitsReachTwenty(String name) {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0);
        louder(weights, 20 / largestLogit(weights));
        double difference = difference(weights, sampled(weights, Dtype.BFLOAT16));
        assertTrue(difference < FIXTURE_LIMIT, name + ": " + difference);
    }

    /** Four layers of width 256, matrices of deviation 0.02, gains 1. */
    private WeightSnapshot usual() {
        PolicyConfig config = new PolicyConfig(4, 256, 8, 4, 32, 512, 1000, 256, 10_000, 1e-5, true, 0);
        WeightSnapshot weights = new WeightSnapshot(config, 0);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes =
                    ByteBuffer.allocate((int) tensor.length() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining())
                bytes.putFloat(tensor.shape().length == 1 ? 1 : 0.02f * (float) random.nextGaussian());
            weights.write(tensor.offset() * Float.BYTES, bytes.flip());
        }
        return weights;
    }

    @Test
    void logprobsAreTheTrainersWithinTwoHundredths() {
        WeightSnapshot weights = usual();
        double soft = difference(weights, sampled(weights, Dtype.BFLOAT16));
        assertTrue(soft < LIMIT / 4, "small logits: " + soft);
        louder(weights, 20 / largestLogit(weights));
        double loud = difference(weights, sampled(weights, Dtype.BFLOAT16));
        assertTrue(loud < LIMIT, "logits up to 20: " + loud);
    }

    @Test
    void autoIsFloat32OnACpu() {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve("smollm2"), 0);
        assertTrue(difference(weights, sampled(weights, Dtype.AUTO)) < 1e-5);
    }

    @Test
    void newWeightsReachTheHeadToo() {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve("smollm2"), 0);
        WeightSnapshot other = louder(weights);
        RolloutConfig config = new RolloutConfig(2, 1, 1, 8, 8, 1, 1).withDtype(Dtype.BFLOAT16);
        int[] tokens = {3, 4, 5, 6};
        float[] expected = score(other, config, tokens);
        try (Generator generator =
                new Generator(weights, new Ids(weights.config().vocabulary(), -1), config, 1)) {
            assertFalse(Arrays.equals(expected, generator.score(tokens, 1)));
            generator.swap(other);
            assertArrayEquals(expected, generator.score(tokens, 1));
        }
    }

    private static float[] score(WeightSnapshot weights, RolloutConfig config, int[] tokens) {
        try (Generator generator =
                new Generator(weights, new Ids(weights.config().vocabulary(), -1), config, 1)) {
            return generator.score(tokens, 1);
        }
    }

    /** The same with an embedding, which is the head, of twice the size, at version 1. */
    private static WeightSnapshot louder(WeightSnapshot weights) {
        ByteBuffer all = ByteBuffer.allocate((int) weights.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(0, all);
        for (int i = 0; i < weights.tensors().get(0).length(); i++) all.putFloat(4 * i, 2 * all.getFloat(4 * i));
        WeightSnapshot louder = new WeightSnapshot(weights.config(), 1);
        louder.write(0, all.flip());
        return louder;
    }

    @Test
    void weightsAndCacheTakeHalf() {
        PolicyConfig large = new PolicyConfig(30, 576, 9, 3, 64, 1536, 49152, 8192, 100_000, 1e-5, true, 0);
        RolloutConfig full = new RolloutConfig(2, 32, 4, 200, 300, 1, 1).withDtype(Dtype.FLOAT32);
        RolloutConfig half = full.withDtype(Dtype.BFLOAT16);
        assertEquals(134_515_008, large.parameters());
        assertEquals(2 * 4 * 134_515_008L, Generator.weightBytes(large, full)); // and packed
        assertEquals(2 * 134_515_008L + 4 * 49152 * 576, Generator.weightBytes(large, half));
        // the matrices in one byte beside the float32 numbers, and the head packed; keys and values stay float32
        RolloutConfig int8 = full.withDtype(Dtype.INT8);
        assertEquals(5 * 134_515_008L - 49152 * 576 + 4 * 49152 * 576, Generator.weightBytes(large, int8));
        assertEquals(CachePlan.of(large, full), CachePlan.of(large, int8));
        assertEquals(2 * 30 * 3 * 64 * 2, CachePlan.of(large, half).bytesPerPosition());
        assertEquals(
                CachePlan.of(large, full).totalBytes(),
                2 * CachePlan.of(large, half).totalBytes());
        assertEquals(CachePlan.of(large, full), CachePlan.of(large, full.withDtype(Dtype.AUTO)));
    }

    static boolean packs(PolicyConfig shape, RolloutConfig config) {
        return DecodingWeights.packs(shape, config.numerics());
    }

    @Test
    void anyLargeModelMayBePackedButNotForTheSameBits() {
        PolicyConfig large = new PolicyConfig(30, 576, 9, 3, 64, 1536, 49152, 8192, 100_000, 1e-5, true, 0);
        PolicyConfig small = new PolicyConfig(4, 128, 4, 2, 32, 384, 500, 256, 10_000, 1e-5, true, 0);
        assertTrue(DecodingWeights.packs(large, Numerics.FAST));
        assertFalse(DecodingWeights.packs(large, Numerics.BATCH_INVARIANT));
        assertFalse(DecodingWeights.packs(small, Numerics.FAST));
    }

    @Test
    void batchInvariantBfloat16IsRefusedByName() {
        RolloutConfig same = new RolloutConfig(2, 1, 1, 8, 8, 1, 1, true);
        String said = assertThrows(IllegalArgumentException.class, () -> same.withDtype(Dtype.BFLOAT16))
                .getMessage();
        assertTrue(said.startsWith("rollout.dtype bfloat16 with rollout.batchInvariant true"), said);
        assertThrows(IllegalArgumentException.class, () -> same.withDtype(Dtype.INT8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama2", "qwen2", "qwen3", "smollm2", "mixtral", "ministral"})
    void inInt8EveryArchitectureSamplesToTheEndCloseToTheTrainer(String name) {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0);
        List<CompletedRequest> groups = sampled(weights, Dtype.INT8);
        assertEquals(3, groups.size());
        double difference = difference(weights, groups);
        assertTrue(difference < 2 * FIXTURE_LIMIT, name + ": " + difference);
        // of sparse experts nothing is rounded
        assertTrue(name.equals("mixtral") || difference > 1e-4, name + " is not in int8: " + difference);
    }
}
