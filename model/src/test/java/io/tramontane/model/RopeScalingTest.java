package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.RopeScaling.Linear;
import io.tramontane.model.RopeScaling.Llama3;
import io.tramontane.model.RopeScaling.LongRope;
import io.tramontane.model.RopeScaling.Yarn;
import io.tramontane.model.Variant.QueryScaling;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frequencies by hand, and the program's against those in double precision. */
class RopeScalingTest {
    /** Ministral 3's numbers. */
    private static final Yarn MINISTRAL = new Yarn(16, 32, 1, 16384, 1, true);

    private static PolicyConfig config(Architecture architecture, RopeScaling rope, int headSize, int positions) {
        Variant variant = Variant.of(architecture).withRope(rope);
        return new PolicyConfig(1, 16, 2, 1, headSize, 8, 32, positions, 1e6, 1e-5, false, 2, variant);
    }

    @Test
    void ministralsRampRunsFromPair20To37() {
        // pair j turns 16384 / (2 pi 1e6^(j/64)) times: 32 times at j = 64 ln(16384/(64 pi)) / ln 1e6 = 20.385,
        // once at 36.440; whole pairs: from 20 to 37
        double[] divisors = MINISTRAL.divisors(config(Architecture.LLAMA, MINISTRAL, 128, 262144));
        assertEquals(1, divisors[20], 1e-12);
        assertEquals(16, divisors[37], 1e-12);
        assertEquals(16, divisors[63], 1e-12);
        assertEquals(1 / (5.0 / 17 / 16 + 12.0 / 17), divisors[25], 1e-12);
    }

    @Test
    void withoutWholePairsTheRampBeginsBetweenThem() {
        Yarn yarn = new Yarn(16, 32, 1, 16384, 1, false);
        double[] divisors = yarn.divisors(config(Architecture.LLAMA, yarn, 128, 262144));
        double stretched = (25 - 20.38496) / (36.43989 - 20.38496);
        assertEquals(1 / (stretched / 16 + 1 - stretched), divisors[25], 1e-6);
    }

    @Test
    void theAttentionFactorsOfThePapers() {
        assertEquals(1.2772589, Yarn.attentionFactor(16, 1), 1e-7); // 0.1 ln 16 + 1
        assertEquals(1, Yarn.attentionFactor(0.5, 1));
        // sqrt(1 + ln 32 / ln 4096) = sqrt(1 + 5/12)
        assertEquals(1.1902381, LongRope.attentionFactor(32, 4096), 1e-7);
    }

    @Test
    void longListsAreForModelsWithMorePositionsThanTheOriginalOnes() {
        LongRope rope = new LongRope(List.of(1.0, 2.0), List.of(3.0, 4.0), 64, 1.5);
        assertArrayEquals(new double[] {3, 4}, rope.divisors(config(Architecture.LLAMA, rope, 4, 65)));
        assertArrayEquals(new double[] {1, 2}, rope.divisors(config(Architecture.LLAMA, rope, 4, 64)));
    }

    static Stream<RopeScaling> scalings() {
        return Stream.of(
                RopeScaling.none(),
                new Linear(4),
                new Llama3(8, 1, 4, 8192),
                MINISTRAL,
                new Yarn(8, 32, 1, 4096, 1.2, false),
                new LongRope(List.of(1.0, 1.0, 1.0, 1.0), List.of(1.0, 1.25, 8.0, 64.0), 4096, 1.19));
    }

    /** Of position 100: cosines and sines [Hq+Hk, D]. */
    private static float[][] rotation(PolicyConfig config, int position) {
        try (Policy policy = new Policy(new WeightSnapshot(config, 0));
                NDManager scope = policy.manager().newSubManager()) {
            NDArray places = Policy.longs(scope, new long[] {position}, 1);
            IValue found = policy.run("rotary", Policy.tensor(places));
            IValue[] parts = found.toIValueTuple();
            return new float[][] {
                Policy.take(parts[0], scope).toFloatArray(),
                Policy.take(parts[1], scope).toFloatArray()
            };
        }
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void theProgramRotatesByTheFrequenciesInDoublePrecision(RopeScaling rope) {
        PolicyConfig config = config(Architecture.MISTRAL, rope, 8, 262144);
        double[] divisors = rope.divisors(config);
        float[][] found = rotation(config, 100);
        for (int i = 0; i < 8; i++) {
            double angle = 100 * Math.pow(1e6, -(i % 4) / 4.0) / divisors[i % 4];
            assertEquals(rope.attentionFactor() * Math.cos(angle), found[0][i], 2e-5);
            assertEquals(rope.attentionFactor() * Math.sin(angle), found[1][i], 2e-5);
        }
    }

    @Test
    void queriesGrowWithTheirPositionAndKeysDoNot() {
        PolicyConfig plain = config(Architecture.MINISTRAL3, MINISTRAL, 8, 262144);
        PolicyConfig growing = plain.with(plain.variant().withQueries(new QueryScaling(0.1, 40)));
        float[][] before = rotation(plain, 100);
        float[][] after = rotation(growing, 100);
        double gain = 1 + 0.1 * Math.log(3); // 1 + floor(100 / 40) = 3
        for (int i = 0; i < 24; i++)
            assertEquals(before[0][i] * (i < 16 ? gain : 1), after[0][i], 1e-6); // two query heads, one key head
    }
}
