package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.Together;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks that divide the work, and what they hold, train what one rank trains. */
class RankTrainingTest {
    private static final int UPDATES = 10;
    private static final AdamW ADAM_W = new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0);

    /** What a rank has after training: the ranges of the weights that it serves, and the last norm. */
    private record Trained(WeightSnapshot weights, double norm, long moments) {}

    static Stream<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        for (String model : List.of("llama-tied", "llama-untied"))
            for (Shard shard : Shard.values())
                for (int count : new int[] {2, 3, 4}) ways.add(Arguments.of(model, shard, count));
        return ways.stream();
    }

    private static PolicyConfig shape(String model) {
        return new PolicyConfig(2, 16, 4, 2, 4, 24, 43, 64, 10000, 1e-5, model.equals("llama-tied"), 0);
    }

    private static PackedSequences packed(PolicyConfig config, int seed) {
        Random random = new Random(seed);
        int[] prompt = random.ints(4, 0, config.vocabulary()).toArray();
        int[] one = random.ints(7, 0, config.vocabulary()).toArray();
        int[] two = random.ints(2, 0, config.vocabulary()).toArray();
        return PackedSequences.of(List.of(new PromptGroup(prompt, List.of(one, two))));
    }

    /** Twelve microbatches an update, dealt to the ranks in turn. */
    private static Trained train(WeightSnapshot start, Shard shard, Collectives ranks, LoraConfig lora) {
        ComputeThread.prepare(1);
        Sharding sharding = new Sharding(shard, ranks);
        try (Policy policy = new Policy(start, Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU, lora, sharding)) {
            if (lora.on()) policy.load(policy.trained(), new AdapterLayout(start.config(), lora).initial(1));
            FlatVector gradient = policy.gradient();
            FlatVector first = policy.vector();
            FlatVector second = policy.vector();
            double norm = 0;
            for (int update = 1; update <= UPDATES; update++) {
                ranks.at(update);
                for (int micro = ranks.rank(); micro < 12; micro += ranks.count())
                    try (TrainingPass pass =
                            policy.pass(packed(start.config(), 100 * update + micro), 0.8, Keep.BLOCKS)) {
                        pass.backward(
                                (from, to, logprobs, entropies, slope, own) -> {
                                    for (int m = from; m < to; m++) slope[m] = 0.02f * (m % 5 - 1);
                                },
                                gradient);
                    }
                AdamW.Vectors vectors = new AdamW.Vectors(policy.trained(), gradient, first, second);
                norm = ADAM_W.step(policy, vectors, update, 1e-3);
            }
            return new Trained(policy.snapshot(1), norm, first.length());
        }
    }

    /** All ranges together; every number is held exactly once. */
    private static float[] whole(List<Trained> ranks) {
        WeightSnapshot first = ranks.get(0).weights();
        float[] all = new float[(int) (first.bytes() / Float.BYTES)];
        int numbers = 0;
        for (Trained rank : ranks)
            for (VectorRange range : rank.weights().held()) {
                ByteBuffer bytes =
                        ByteBuffer.allocate((int) range.length() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                rank.weights().read(range.offset() * Float.BYTES, bytes);
                bytes.flip().asFloatBuffer().get(all, (int) range.offset(), (int) range.length());
                numbers += range.length();
            }
        assertEquals(all.length, numbers);
        return all;
    }

    private static double apart(float[] a, float[] b) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            difference += Math.pow((double) a[i] - b[i], 2);
            size += (double) b[i] * b[i];
        }
        return Math.sqrt(difference / size);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void ranksTrainWhatOneRankTrains(String model, Shard shard, int count) throws Exception {
        WeightSnapshot start = PolicyTest.random(shape(model), 1);
        LoraConfig all = LoraConfig.defaults();
        Trained alone = train(start, shard, Collectives.ALONE, all);
        List<Trained> found = Together.run(count, true, ranks -> train(start, shard, ranks, all));
        float[] weights = whole(found);
        double moved = apart(whole(List.of(alone)), whole(List.of(new Trained(start, 0, 0))));
        assertTrue(moved > 1e-3, "the update moves the weights by " + moved);
        double apart = apart(weights, whole(List.of(alone)));
        assertTrue(apart < 1e-6, "apart by " + apart);
        for (Trained rank : found) {
            assertEquals(alone.norm(), rank.norm(), 1e-6 * alone.norm());
            assertEquals(found.get(0).norm(), rank.norm());
            long numbers = start.bytes() / Float.BYTES;
            if (shard == Shard.NONE) assertEquals(numbers, rank.moments());
            else assertTrue(rank.moments() < numbers / count + 300, rank.moments() + " of " + numbers);
        }
        assertArrayEquals(weights, whole(Together.run(count, false, ranks -> train(start, shard, ranks, all))));
    }

    @Test
    void dividingTheMomentsChangesNoBit() throws Exception {
        WeightSnapshot start = PolicyTest.random(shape("llama-untied"), 2);
        LoraConfig all = LoraConfig.defaults();
        float[] none = whole(Together.run(3, true, ranks -> train(start, Shard.NONE, ranks, all)));
        float[] optimizer = whole(Together.run(3, true, ranks -> train(start, Shard.OPTIMIZER, ranks, all)));
        assertArrayEquals(none, optimizer);
    }

    @Test
    void adaptersAreTrainedByRanksAsByOne() throws Exception {
        WeightSnapshot start = PolicyTest.random(shape("llama-tied"), 3);
        LoraConfig lora = new LoraConfig(3, 5, LoraConfig.NAMES);
        Trained alone = train(start, Shard.NONE, Collectives.ALONE, lora);
        List<Trained> found = Together.run(2, true, ranks -> train(start, Shard.NONE, ranks, lora));
        assertTrue(apart(whole(found), whole(List.of(alone))) < 1e-6);
        assertEquals(List.of(), found.get(1).weights().held());
    }
}
