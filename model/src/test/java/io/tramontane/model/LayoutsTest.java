package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In every layout a generator says the same, to rounding. */
class LayoutsTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(3, 64, 4, 2, 16, 160, 300, 64, 10_000, 1e-5, true, 0);

    private static final WeightSnapshot WEIGHTS = PolicyTest.random(SHAPE, 3);
    private static final int[] SEQUENCE = new Random(8).ints(24, 0, 300).toArray();

    /** The copy always, or never. */
    static LayoutChoice always(Layout copy, int slots) {
        List<Long> fast = LayoutTimes.ROWS.stream().map(rows -> 1L).toList();
        List<Long> slow = LayoutTimes.ROWS.stream().map(rows -> 1000L).toList();
        return new LayoutChoice(
                copy,
                slots,
                Optional.of(new LayoutTimes(Map.of(Layout.PLAIN, slow, Layout.COLUMNS, fast, Layout.BLOCKS, fast))));
    }

    /** Log-probabilities of the sequence's last 12 tokens behind its first 12, of each slot. */
    static float[] logprobs(DecodingWeights weights) {
        int rows = weights.slots();
        try (DecodingSession session = DecodingSession.sampling(weights, 40, new SamplingParameters(1, 1))) {
            return logprobs(session, rows);
        }
    }

    /** The same in a session for scoring, which has one slot. */
    static float[] scored(DecodingSession session) {
        return logprobs(session, 1);
    }

    private static float[] logprobs(DecodingSession session, int rows) {
        try (PromptCache prompt = session.prompt(Arrays.copyOf(SEQUENCE, 11))) {
            session.prefill(List.of(prompt), 11);
            for (int slot = 0; slot < rows; slot++) session.fill(prompt, slot);
            long[] newest = new long[rows];
            long[] positions = new long[rows];
            long[] forced = new long[12 * rows];
            Arrays.fill(newest, SEQUENCE[11]);
            Arrays.fill(positions, 11);
            for (int i = 0; i < forced.length; i++) forced[i] = SEQUENCE[12 + i / rows];
            DecodeRequest request =
                    new DecodeRequest(newest, positions, new float[12 * rows], new boolean[rows], forced);
            return session.decode(request, false).logprobs();
        }
    }

    @ParameterizedTest
    @CsvSource({"COLUMNS, 1", "BLOCKS, 1", "BLOCKS, 2", "BLOCKS, 3", "BLOCKS, 9"})
    void inFloat32(Layout layout, int slots) {
        try (DecodingWeights plain = new DecodingWeights(WEIGHTS, Dtype.FLOAT32, LayoutChoice.plain(slots));
                DecodingWeights copy = new DecodingWeights(WEIGHTS, Dtype.FLOAT32, always(layout, slots))) {
            assertTrue(copy.forRows(slots) != copy.plain());
            assertArrayEquals(logprobs(plain), logprobs(copy), 2e-5f);
        }
    }

    /** Where the processor has no bfloat16 it is emulated: right, and slow. */
    @ParameterizedTest
    @CsvSource({"COLUMNS, 1", "BLOCKS, 1", "BLOCKS, 2", "BLOCKS, 9"})
    void inBfloat16(Layout layout, int slots) {
        try (DecodingWeights full = new DecodingWeights(WEIGHTS, Dtype.FLOAT32, LayoutChoice.plain(slots));
                DecodingWeights plain = new DecodingWeights(WEIGHTS, Dtype.BFLOAT16, LayoutChoice.plain(slots));
                DecodingWeights copy = new DecodingWeights(WEIGHTS, Dtype.BFLOAT16, always(layout, slots))) {
            double apart = apart(logprobs(plain), logprobs(copy));
            double rounding = apart(logprobs(full), logprobs(plain));
            assertTrue(apart <= rounding, layout + ": " + apart + ", of bfloat16 itself " + rounding);
        }
    }

    /** Mean of the differences. */
    static double apart(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) sum += Math.abs(one[i] - other[i]);
        return sum / one.length;
    }

    @Test
    void newWeightsArePackedToo() {
        WeightSnapshot next = PolicyTest.random(SHAPE, 4);
        try (DecodingWeights plain = new DecodingWeights(next, Dtype.FLOAT32, LayoutChoice.plain(3));
                DecodingWeights copy = new DecodingWeights(WEIGHTS, Dtype.FLOAT32, always(Layout.BLOCKS, 3))) {
            copy.load(next);
            assertArrayEquals(logprobs(plain), logprobs(copy), 2e-5f);
        }
    }

    @Test
    void everyLayoutIsTimedAtEveryNumberOfRows() {
        try (Policy policy = Policy.reader(WEIGHTS, Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU);
                IValue plain = policy.weights()) {
            LayoutTimes times = LayoutBench.measure(policy, plain);
            assertTrue(
                    Stream.of(Layout.values())
                            .flatMap(layout -> times.nanos().get(layout).stream())
                            .allMatch(nanos -> nanos > 0 && nanos < 60_000_000_000L),
                    times.text());
            assertEquals(times, LayoutTimes.of(times.text()));
        }
    }
}
