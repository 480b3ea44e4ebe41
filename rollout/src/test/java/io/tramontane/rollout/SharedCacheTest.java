package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Completion;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences that share the cache's positions say what they say with a slot of the longest length each. */
class SharedCacheTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 16, 4, 2, 8, 24, 19, 400, 10000, 1e-5, true, 0);

    /** Completions of groups 1 to 6 have 71, 128, 185, 242, 14 and 71 tokens; none more than 257. */
    private static final Stop NEVER = new Stop(token -> false, request -> 14 + 57 * (int) (request.id() % 5));

    private record Result(List<CompletedRequest> groups, long pauses) {}

    private static WeightSnapshot weights(int version) {
        Random random = new Random(100 + version);
        WeightSnapshot weights = new WeightSnapshot(SHAPE, version);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((tensor.shape().length == 1 ? 1 : 0) + random.nextFloat() - 0.5f);
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    /** The longest sequence has 40 + 257 + 3 = 300 positions. */
    private static RolloutConfig config(boolean batchInvariant) {
        return new RolloutConfig(4, 8, 3, 40, 257, 1.0, 1.0, batchInvariant);
    }

    private static Generator generator(RolloutConfig config) {
        return new Generator(weights(0), new Ids(SHAPE.vocabulary(), -1), config, 42, NEVER);
    }

    private static void submit(Generator generator) {
        for (long id = 1; id <= 6; id++) {
            int[] prompt = new Random(id).ints(1 + 7 * (id - 1), 1, 19).toArray(); // 1 to 36 tokens
            int[] opening = id == 3 ? new int[] {5, 6, 7} : new int[0];
            generator.submit(
                    CompletionRequest.of(id, prompt).samples(4).opening(opening).build());
        }
    }

    /** New weights come after some calls, if any. */
    private static Result sampled(RolloutConfig config, int swapAfter) {
        List<CompletedRequest> groups = new ArrayList<>();
        try (Generator generator = generator(config)) {
            submit(generator);
            for (int call = 1; generator.live() > 0; call++) {
                groups.addAll(generator.step());
                if (call == swapAfter) generator.swap(weights(1));
                assertTrue(call < 10_000, "no end");
            }
            groups.sort(Comparator.comparingLong(group -> group.request().id()));
            assertEquals(6, groups.size());
            return new Result(groups, generator.pauses());
        }
    }

    private static void assertSame(Result expected, Result found, float tolerance) {
        for (int group = 0; group < 6; group++)
            for (int index = 0; index < 4; index++) {
                Completion one = expected.groups().get(group).completions().get(index);
                Completion other = found.groups().get(group).completions().get(index);
                assertArrayEquals(one.tokens(), other.tokens());
                assertArrayEquals(one.behaviourLogprobs(), other.behaviourLogprobs(), tolerance);
            }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 333, 500, 1000})
    void inATightCacheSequencesPauseAndEveryCompletionIsTheSameToTheBit(int cacheTokens) {
        Result all = sampled(config(true), 0);
        assertEquals(0, all.pauses());
        Result shared = sampled(config(true).withCacheTokens(cacheTokens), 0);
        assertTrue(shared.pauses() > 0, "none paused");
        assertSame(all, shared, 0);
    }

    @Test
    void inFastNumericsTheyAreTheSameToItsRounding() {
        Result shared = sampled(config(false).withCacheTokens(500), 0);
        assertTrue(shared.pauses() > 0, "none paused");
        assertSame(sampled(config(false), 0), shared, 1e-4f);
    }

    @Test
    void asManyPositionsAsEverySlotCouldNeedAreTheUsualLayout() {
        Result shared = sampled(config(false).withCacheTokens(8 * 300), 0);
        assertEquals(0, shared.pauses());
        assertSame(sampled(config(false), 0), shared, 0);
    }

    @ParameterizedTest
    @EnumSource(OnSwap.class)
    void newWeightsReachPausedSequencesToo(OnSwap onSwap) {
        RolloutConfig config = config(true).withOnSwap(onSwap).withCacheTokens(300);
        Result shared = sampled(config, 40);
        assertTrue(shared.pauses() > 0, "none paused");
        int mixed = 0;
        int newest = 0;
        for (CompletedRequest group : shared.groups())
            for (Completion completion : group.completions()) {
                if (completion.oldestVersion() != completion.newestVersion()) mixed++;
                if (completion.oldestVersion() == 1) newest++;
                assertEquals(NEVER.longest().applyAsInt(group.request()), completion.length());
            }
        assertTrue(newest > 0);
        assertEquals(onSwap == OnSwap.DRAIN, mixed == 0);
    }

    /** Its log-probabilities are those of its version over keys and values of its own. */
    @Test
    void recomputedAfterASwapTheyHaveTheNewWeightsKeysAndValues() {
        RolloutConfig config = config(true).withOnSwap(OnSwap.RECOMPUTE).withCacheTokens(333);
        Result shared = sampled(config, 40);
        try (Generator fresh = generator(config)) {
            fresh.swap(weights(1));
            for (CompletedRequest group : shared.groups())
                for (Completion completion : group.completions()) {
                    int prompt = group.request().promptTokens().length;
                    int opening = group.request().openingTokens().length;
                    int[] all = new int[prompt + completion.length()];
                    System.arraycopy(group.request().promptTokens(), 0, all, 0, prompt);
                    System.arraycopy(completion.tokens(), 0, all, prompt, completion.length());
                    float[] expected = fresh.score(all, prompt + opening);
                    for (int t = opening; t < completion.length(); t++)
                        if (completion.versions()[t] == 1)
                            assertEquals(expected[t - opening], completion.behaviourLogprobs()[t]);
                }
        }
    }

    /** Two prompts of 60 tokens outgrow 64 positions, for which there is no room beside two short sequences. */
    @ParameterizedTest
    @ValueSource(strings = {"mistral", "ministral", "qwen3", "mixtral"})
    void alsoWithWindowsNormsAndExpertsAndInBfloat16(String name) {
        WeightSnapshot weights = Checkpoint.read(GeneratorReferenceTest.MODELS.resolve(name), 0);
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.BFLOAT16)) {
            RolloutConfig config = new RolloutConfig(2, 5, 3, 150, 24, 1.0, 1.0, false, 140, dtype);
            List<CompletedRequest> groups = new ArrayList<>();
            int vocabulary = weights.config().vocabulary();
            try (Generator generator =
                    new Generator(weights, new Ids(vocabulary, -1), config.withCacheTokens(360), 1)) {
                for (int length : new int[] {1, 60, 150}) {
                    int[] prompt =
                            new Random(length).ints(length, 0, vocabulary).toArray();
                    generator.submit(
                            CompletionRequest.of(length, prompt).samples(2).build());
                }
                while (generator.live() > 0) groups.addAll(generator.step());
                assertTrue(generator.pauses() > 0, "none paused");
            }
            assertEquals(3, groups.size());
            double difference = HalfTest.difference(weights, groups);
            assertTrue(difference < (dtype == Dtype.FLOAT32 ? 1e-5 : 5e-2), name + ": " + difference);
        }
    }

    @Test
    void requestsAreGivenUpWhileTheirCompletionsArePaused() {
        try (Generator generator = generator(config(false).withCacheTokens(300))) {
            submit(generator);
            while (generator.pauses() < 3) generator.step();
            for (long id = 1; id <= 6; id++) generator.cancel(id);
            assertEquals(0, generator.live());
            assertEquals(8, generator.freeSlots());
            submit(generator);
            int groups = 0;
            while (generator.live() > 0) groups += generator.step().size();
            assertEquals(6, groups);
        }
    }

    @Test
    void lessThanOneLongestSequenceIsRefused() {
        String said = assertThrows(
                        IllegalArgumentException.class, () -> config(false).withCacheTokens(299))
                .getMessage();
        assertEquals(
                "rollout.cacheTokens 299, allowed 0, or >= the longest sequence: "
                        + "rollout.maxPromptTokens 40 + rollout.maxTokens 257 + rollout.decodeSteps 3",
                said);
        assertThrows(IllegalArgumentException.class, () -> config(false).withCacheTokens(-1));
    }

    /** 8,192 bytes a position x 20,000 positions; with slots of the longest length it would be 100 x 300 of them. */
    @Test
    void theCacheTakesTheMemoryOfThePlan() throws IOException {
        PolicyConfig shape = new PolicyConfig(8, 32, 4, 4, 32, 24, 19, 400, 10000, 1e-5, true, 0);
        RolloutConfig config = new RolloutConfig(4, 100, 3, 40, 257, 1.0, 1.0).withCacheTokens(20_000);
        long planned = CachePlan.of(shape, config).totalBytes();
        assertEquals(163_840_000, planned);
        WeightSnapshot weights = new WeightSnapshot(shape, 0);
        new Generator(weights, new Ids(19, -1), config.withCacheTokens(300), 42, NEVER).close(); // loads the library
        long before = residentBytes();
        try (Generator generator = new Generator(weights, new Ids(19, -1), config, 42, NEVER)) {
            assertEquals(planned, residentBytes() - before, 0.1 * planned, "bytes");
            assertEquals(100, generator.freeSlots());
        }
    }

    private static long residentBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        return 4096 * Long.parseLong(pages[1]);
    }
}
