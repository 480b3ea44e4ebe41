package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our numbers against those of transformers, recorded by tools/model-fixtures.py. */
class PolicyReferenceTest {
    /** Of all positions, by the training forward. */
    static float[] logits(Policy policy, int[] tokens) {
        try (TrainingPass pass = policy.pass(PackedSequences.of(tokens, 1), 1, Keep.BLOCKS);
                NDManager scope = policy.manager().newSubManager();
                IValue weights = policy.run("views", Policy.tensor(policy.theta()))) {
            IValue heat = Policy.tensor(scope.create(1f));
            NDArray logits = Policy.take(policy.runWith(weights, "head", Policy.tensor(pass.last()), heat), scope);
            return logits.toFloatArray();
        }
    }

    /** Those of a fixture, recorded in its folder. */
    static float[] logits(Path folder) {
        StoredTensor stored =
                SafetensorsHeader.read(folder.resolve("logits.safetensors")).get("logits");
        float[] logits = new float[(int) stored.length()];
        try (TensorReader reader = new TensorReader(stored.file())) {
            reader.read(stored, logits);
        }
        return logits;
    }

    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void logitsAreThoseOfTransformers(String name) {
        Fixture fixture = Fixture.folder(name);
        try (Policy policy = new Policy(Checkpoint.read(fixture.model(), 0))) {
            assertArrayEquals(logits(fixture.model()), logits(policy, fixture.sequence()), 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void logprobsAreThoseOfTransformersAlsoInACompanyOfOthers(String name) {
        Fixture fixture = Fixture.folder(name);
        int[] tokens = fixture.sequence();
        int[] prompt = Arrays.copyOf(tokens, 20);
        int[] rest = Arrays.copyOfRange(tokens, 20, tokens.length);
        List<PackedSequences.PromptGroup> promptGroups = List.of(
                new PackedSequences.PromptGroup(new int[] {3, 4, 5}, List.of(new int[] {6}, new int[] {7, 8})),
                new PackedSequences.PromptGroup(prompt, List.of(new int[] {9}, rest)));
        float[] expected = Arrays.copyOfRange(fixture.logprobs(), 19, tokens.length - 1);
        try (Policy policy = new Policy(Checkpoint.read(fixture.model(), 0))) {
            assertArrayEquals(fixture.logprobs(), policy.logprobs(PackedSequences.of(tokens, 1), 1), 1e-4f);
            float[] all = policy.logprobs(PackedSequences.of(promptGroups), 1);
            assertArrayEquals(expected, Arrays.copyOfRange(all, 4, all.length), 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void gradientsAreThoseOfTransformers(String name) {
        Fixture fixture = Fixture.folder(name);
        PackedSequences packed = PackedSequences.of(fixture.sequence(), 1);
        float perToken = 1f / (fixture.sequence().length - 1);
        try (Policy policy = new Policy(Checkpoint.read(fixture.model(), 0));
                TrainingPass pass = policy.pass(packed, 1, Keep.ALL)) {
            FlatVector gradient = policy.vector();
            pass.backward((from, to, logp, entropies, slope, own) -> Arrays.fill(slope, from, to, -perToken), gradient);
            float[] found = gradient.read(new VectorRange(0, gradient.length()));
            for (TensorRange range : policy.config().tensors()) {
                double squares = 0;
                double sum = 0;
                for (int i = (int) range.offset(); i < range.offset() + range.length(); i++) {
                    squares += (double) found[i] * found[i];
                    sum += found[i];
                }
                JsonNode expected = fixture.expected().get("gradients").get(range.name());
                double norm = expected.get(0).doubleValue();
                assertEquals(norm, Math.sqrt(squares), 1e-4 * norm + 1e-6, range.name());
                assertEquals(expected.get(1).doubleValue(), sum, 1e-3 * norm + 1e-6, range.name());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3", "mixtral", "kquants"})
    void aGgufFileGivesTheNumbersOfItsRoundedWeights(String name) {
        Fixture fixture = Fixture.gguf(name);
        try (Policy policy = new Policy(Checkpoint.read(fixture.model(), 0))) {
            assertArrayEquals(fixture.logprobs(), policy.logprobs(PackedSequences.of(fixture.sequence(), 1), 1), 1e-4f);
            assertEquals(2, policy.config().endOfText());
        }
    }
}
