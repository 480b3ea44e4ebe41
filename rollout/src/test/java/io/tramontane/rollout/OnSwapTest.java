package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of sequences under way when new weights come: three groups of four completions, six slots. */
class OnSwapTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 16, 4, 2, 8, 24, 19, 64, 10000, 1e-5, true, 0);
    private static final PolicyConfig LARGE = new PolicyConfig(2, 256, 4, 2, 64, 512, 32_000, 64, 10000, 1e-5, true, 0);

    /** Completions of groups 1, 2 and 3 have 19, 18 and 17 tokens. */
    private static final Stop NEVER = new Stop(token -> false, request -> 20 - (int) (request.id() % 7));

    private static WeightSnapshot weights(PolicyConfig shape, int version) {
        Random random = new Random(100 + version);
        WeightSnapshot weights = new WeightSnapshot(shape, version);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            float scale = 4 / (float) Math.sqrt(shape.width());
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((tensor.shape().length == 1 ? 1 : 0) + scale * (random.nextFloat() - 0.5f));
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    /** Passes of five tokens: prompts are half computed when the weights come. */
    private static RolloutConfig config(OnSwap onSwap, boolean batchInvariant, Dtype dtype) {
        return new RolloutConfig(4, 6, 2, 12, 20, 1.0, 1.0, batchInvariant, 5, dtype).withOnSwap(onSwap);
    }

    private static Generator generator(PolicyConfig shape, int version, RolloutConfig config) {
        return new Generator(weights(shape, version), new Ids(shape.vocabulary(), -1), config, 42, NEVER);
    }

    private static void submit(Generator generator) {
        int[] opening = {5, 6, 7};
        for (long id = 1; id <= 3; id++) {
            int[] prompt = new Random(id).ints(1 + 5 * (id - 1), 1, 19).toArray(); // 1, 6 and 11 tokens
            generator.submit(CompletionRequest.of(id, prompt)
                    .samples(4)
                    .opening(id == 2 ? opening : new int[0])
                    .build());
        }
    }

    /** Version 1 comes after three calls, version 2 after five. */
    private static List<CompletedRequest> sampled(PolicyConfig shape, RolloutConfig config) {
        List<CompletedRequest> groups = new ArrayList<>();
        try (Generator generator = generator(shape, 0, config)) {
            submit(generator);
            for (int call = 1; generator.live() > 0; call++) {
                groups.addAll(generator.step());
                if (call == 3) generator.swap(weights(shape, 1));
                if (call == 5) generator.swap(weights(shape, 2));
            }
        }
        assertEquals(3, groups.size());
        return groups;
    }

    /**
     * Largest difference of a sampled token's log-probability from the one that its version gives it over keys and values of
     * its own: a fresh generator goes through the same tokens.
     */
    private static double difference(PolicyConfig shape, RolloutConfig config, List<CompletedRequest> groups) {
        double largest = 0;
        for (int version = 0; version <= 2; version++)
            try (Generator fresh = generator(shape, version, config)) {
                for (CompletedRequest group : groups)
                    for (Completion completion : group.completions()) {
                        int[] prompt = group.request().promptTokens();
                        int opening = group.request().openingTokens().length;
                        int[] all = Arrays.copyOf(prompt, prompt.length + completion.length());
                        System.arraycopy(completion.tokens(), 0, all, prompt.length, completion.length());
                        float[] expected = fresh.score(all, prompt.length + opening);
                        for (int t = opening; t < completion.length(); t++)
                            if (completion.versions()[t] == version)
                                largest = Math.max(
                                        largest,
                                        Math.abs(expected[t - opening]
                                                - completion.behaviourLogprobs()[t]));
                    }
            }
        return largest;
    }

    private static boolean spansVersions(List<CompletedRequest> groups) {
        return groups.stream()
                .flatMap(group -> group.completions().stream())
                .anyMatch(c -> c.oldestVersion() == 0 && c.newestVersion() == 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void recomputedKeysAndValuesAreThoseOfTheNewWeights(boolean packed) {
        PolicyConfig shape = packed ? LARGE : SHAPE;
        RolloutConfig config = config(OnSwap.RECOMPUTE, false, Dtype.FLOAT32);
        assertEquals(packed, HalfTest.packs(shape, config));
        List<CompletedRequest> groups = sampled(shape, config);
        assertTrue(spansVersions(groups));
        double difference = difference(shape, config, groups);
        assertTrue(difference < (packed ? 1e-4 : 2e-5), "" + difference);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keptKeysAndValuesAreThoseOfTheOldWeights(boolean packed) {
        PolicyConfig shape = packed ? LARGE : SHAPE;
        RolloutConfig config = config(OnSwap.KEEP, false, Dtype.FLOAT32);
        List<CompletedRequest> groups = sampled(shape, config);
        assertTrue(spansVersions(groups));
        double difference = difference(shape, config, groups);
        assertTrue(difference > 1e-2, "" + difference);
    }

    @Test
    void recomputedInBatchInvariantNumericsTheyAreTheSameToTheBit() {
        RolloutConfig config = config(OnSwap.RECOMPUTE, true, Dtype.AUTO);
        assertEquals(0, difference(SHAPE, config, sampled(SHAPE, config)));
    }

    @Test
    void recomputedInBfloat16TheyAreTheSameToItsRounding() {
        RolloutConfig recompute = config(OnSwap.RECOMPUTE, false, Dtype.BFLOAT16);
        RolloutConfig keep = config(OnSwap.KEEP, false, Dtype.BFLOAT16);
        double recomputed = difference(SHAPE, recompute, sampled(SHAPE, recompute));
        double kept = difference(SHAPE, keep, sampled(SHAPE, keep));
        assertTrue(recomputed < 0.1 && kept > 3 * recomputed, recomputed + " recomputed, " + kept + " kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "ministral", "qwen3", "mixtral"})
    void recomputedWithWindowsNormsAndExpertsToo(String name) {
        PolicyConfig shape =
                Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0).config();
        RolloutConfig config = config(OnSwap.RECOMPUTE, false, Dtype.FLOAT32);
        double difference = difference(shape, config, sampled(shape, config));
        assertTrue(difference < 1e-4, name + ": " + difference);
    }

    @Test
    void drainedSequencesHaveOneVersionEachAndTheNewestWaitingWeightsComeNext() {
        RolloutConfig config = config(OnSwap.DRAIN, false, Dtype.FLOAT32);
        List<CompletedRequest> groups = sampled(SHAPE, config);
        int[] completions = new int[3];
        for (CompletedRequest group : groups)
            for (Completion completion : group.completions()) {
                assertEquals(completion.oldestVersion(), completion.newestVersion());
                completions[completion.newestVersion()]++;
            }
        // the six that were live when version 1 came; version 2 came while it waited
        assertArrayEquals(new int[] {6, 0, 6}, completions);
        double difference = difference(SHAPE, config, groups);
        assertTrue(difference < 2e-5, "" + difference); // also of groups whose prompt the old weights had computed
    }

    @Test
    void weightsThatWaitAreInUseAsSoonAsTheLastLiveSequenceIsFinishedAndUntilThenNoOtherStarts() {
        Set<String> heard = new HashSet<>();
        TokenListener listener = (completion, token) -> heard.add("completion " + completion);
        try (Generator generator = generator(SHAPE, 0, config(OnSwap.DRAIN, false, Dtype.FLOAT32))) {
            generator.submit(CompletionRequest.of(1, new int[] {3, 4})
                    .samples(8)
                    .listener(listener)
                    .build());
            generator.step();
            generator.swap(weights(SHAPE, 1));
            for (int call = 2; call <= 9; call++) generator.step();
            assertEquals(18, generator.sampled() / 6);
            assertEquals(0, generator.version());
            generator.step(); // the last of 19 tokens
            assertEquals(6 * 19, generator.sampled());
            assertEquals(6, heard.size());
            assertEquals(1, generator.version());
            generator.step();
            assertEquals(8, heard.size());
        }
    }

    @Test
    void withoutLiveSequencesNewWeightsNeedNotWait() {
        try (Generator generator = generator(SHAPE, 0, config(OnSwap.DRAIN, false, Dtype.FLOAT32))) {
            generator.swap(weights(SHAPE, 1));
            assertEquals(1, generator.version());
            submit(generator);
            generator.swap(weights(SHAPE, 2)); // queued only
            assertEquals(2, generator.version());
            generator.step();
            generator.swap(weights(SHAPE, 3));
            for (long id = 1; id <= 3; id++) generator.cancel(id);
            assertEquals(3, generator.version());
            assertEquals(0, generator.live());
        }
    }

    @ParameterizedTest
    @EnumSource(OnSwap.class)
    void withoutASwapTheyAreAllTheSame(OnSwap onSwap) {
        List<List<int[]>> tokens = new ArrayList<>();
        for (OnSwap each : List.of(OnSwap.KEEP, onSwap)) {
            List<int[]> own = new ArrayList<>();
            try (Generator generator = generator(SHAPE, 0, config(each, false, Dtype.FLOAT32))) {
                submit(generator);
                while (generator.live() > 0)
                    for (CompletedRequest group : generator.step())
                        group.completions().forEach(c -> own.add(c.tokens()));
            }
            tokens.add(own);
        }
        for (int i = 0; i < 12; i++)
            assertArrayEquals(tokens.get(0).get(i), tokens.get(1).get(i));
    }

    @Test
    void keepIsTheDefault() {
        assertEquals(OnSwap.KEEP, RolloutConfig.defaults().onSwap());
    }
}
