package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Model;
import io.tramontane.model.PackedSequences.PromptGroup;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention without padding and without a mask against the padded one, whose gradients are checked elsewhere. */
class LongSequencesTest {
    /** Heads in pairs; keys of more than one block, queries of more than one span. */
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 16, 4, 2, 8, 24, 40, 1024, 10000, 1e-5, true, 0);

    /** Lengths of a prompt and its completions, group by group. */
    private static PackedSequences packed(PolicyConfig config, int[]... lengths) {
        Random random = new Random(5);
        List<PromptGroup> groups = new ArrayList<>();
        for (int[] group : lengths) {
            List<int[]> completions = new ArrayList<>();
            for (int i = 1; i < group.length; i++)
                completions.add(random.ints(group[i], 0, config.vocabulary()).toArray());
            groups.add(new PromptGroup(
                    random.ints(group[0], 0, config.vocabulary()).toArray(), completions));
        }
        return PackedSequences.of(groups);
    }

    private static PackedSequences packed(PolicyConfig config) {
        return packed(config, new int[] {70, 300, 1, 65}, new int[] {290}, new int[] {1, 64, 400});
    }

    private record Found(float[] logprobs, float[] gradient) {}

    private static Found found(Policy policy, PackedSequences packed, Keep keep) {
        FlatVector gradient = policy.vector();
        try (TrainingPass pass = policy.pass(packed, 0.8, keep)) {
            pass.backward(
                    (from, to, logprobs, entropies, slope, own) -> {
                        for (int m = from; m < to; m++) slope[m] = 0.01f * (m % 7 - 3);
                    },
                    gradient);
            return new Found(pass.logprobs(), gradient.read(new VectorRange(0, gradient.length())));
        }
    }

    private static double apart(float[] a, float[] b) {
        double squares = 0;
        double all = 0;
        for (int i = 0; i < a.length; i++) {
            squares += ((double) a[i] - b[i]) * (a[i] - b[i]);
            all += (double) a[i] * a[i];
        }
        assertTrue(all > 1e-8);
        return Math.sqrt(squares / all);
    }

    private static void compare(Policy policy, PackedSequences packed, double atMost) {
        Found padded = found(policy, packed.padded(true), Keep.ALL);
        Found spans = found(policy, packed.padded(false), Keep.ALL);
        assertEquals(0, apart(padded.logprobs(), spans.logprobs()), atMost);
        assertEquals(0, apart(padded.gradient(), spans.gradient()), atMost);
        assertArrayEquals(
                spans.gradient(),
                found(policy, packed.padded(false), Keep.BLOCKS).gradient());
    }

    @Test
    void theGradientIsThatOfThePaddedWay() {
        assertFalse(packed(SHAPE).isPadded());
        try (Policy policy = new Policy(PolicyTest.random(SHAPE, 3))) {
            compare(policy, packed(SHAPE), 2e-6);
        }
    }

    /** Windows of 4 to 16 positions, layers with and without one, biases, norms of heads, experts. */
    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void inEveryArchitecture(String name) {
        WeightSnapshot weights = Checkpoint.read(Fixture.folder(name).model(), 0);
        PackedSequences packed = packed(weights.config(), new int[] {20, 60, 1, 17}, new int[] {3, 90});
        try (Policy policy = new Policy(weights)) {
            compare(policy, packed, 1e-5);
        }
    }

    /** Longer and shorter than a span of queries, a block of keys, the prompt. */
    @ParameterizedTest
    @ValueSource(ints = {1, 30, 100, 256, 700})
    void withAWindow(int window) {
        for (List<Integer> full : List.of(List.<Integer>of(), List.of(1))) {
            PolicyConfig config = SHAPE.with(Variant.of(Architecture.MINISTRAL).withWindow(window, full));
            try (Policy policy = new Policy(PolicyTest.random(config, 3))) {
                compare(policy, packed(config), 3e-6);
            }
        }
    }

    @Test
    void inBfloat16BothWaysAreAsFarOff() {
        WeightSnapshot weights = PolicyTest.random(SHAPE, 3);
        Found exact;
        try (Policy policy = new Policy(weights)) {
            exact = found(policy, packed(SHAPE), Keep.ALL);
        }
        try (Policy policy = new Policy(weights, Numerics.FAST, Dtype.BFLOAT16, ComputeDevice.CPU)) {
            double padded = apart(
                    exact.gradient(),
                    found(policy, packed(SHAPE).padded(true), Keep.ALL).gradient());
            double spans = apart(
                    exact.gradient(), found(policy, packed(SHAPE), Keep.BLOCKS).gradient());
            assertTrue(spans > 1e-4 && spans < 1.1 * padded, spans + " " + padded);
        }
    }

    /** As the padded way has: a token's bits do not depend on its company. */
    @Test
    void batchInvariantBitsAreTheSameInBothWays() {
        for (int window : new int[] {0, 100}) {
            PolicyConfig config = SHAPE.with(Variant.of(Architecture.MISTRAL).withWindow(window));
            PackedSequences packed = packed(config);
            try (Policy policy = new Policy(PolicyTest.random(config, 3), Numerics.BATCH_INVARIANT)) {
                Found padded = found(policy, packed.padded(true), Keep.ALL);
                Found spans = found(policy, packed, Keep.ALL);
                assertArrayEquals(padded.logprobs(), spans.logprobs());
                assertEquals(0, apart(padded.gradient(), spans.gradient()), 2e-6);
                assertArrayEquals(
                        spans.gradient(), found(policy, packed, Keep.BLOCKS).gradient());
            }
        }
    }

    /** What a GPU does, all but the kernel: a plain attention with the operator's arguments and results stands in for it. */
    @Test
    void theIndicesOfFusedAttentionAreThoseOfTheSegments() {
        for (int window : new int[] {0, 100}) {
            PolicyConfig config = SHAPE.with(Variant.of(Architecture.MISTRAL).withWindow(window));
            WeightSnapshot weights = PolicyTest.random(config, 3);
            Model model = Model.newInstance("policy", "PyTorch");
            InputStream program = PlainVarlen.program(config);
            try (Policy plain = new Policy(weights);
                    Policy fused =
                            new Policy(weights, Numerics.FAST, Dtype.FLOAT32, false, Sharding.ALONE, program, model)) {
                Found expected = found(plain, packed(config), Keep.ALL);
                Found found = found(fused, packed(config), Keep.ALL);
                assertEquals(0, apart(expected.logprobs(), found.logprobs()), 2e-6);
                assertEquals(0, apart(expected.gradient(), found.gradient()), 2e-6);
                assertArrayEquals(
                        found.gradient(),
                        found(fused, packed(config), Keep.BLOCKS).gradient());
            }
        }
    }

    /** Larger spans and blocks, as on a GPU in float32, and such that hardly any end where a segment does. */
    @Test
    void howLargeSpansAndBlocksAreDoesNotMatter() {
        WeightSnapshot weights = PolicyTest.random(SHAPE, 3);
        String source = PolicyProgram.source(SHAPE, Numerics.FAST, false, ProductLibrary.MKL);
        assertTrue(source.contains("return (64, 256)") && source.contains("return (512, 2048)"));
        try (Policy plain = new Policy(weights)) {
            Found expected = found(plain, packed(SHAPE), Keep.ALL);
            for (String sides : List.of("(512, 2048)", "(7, 11)", "(33, 5)")) {
                InputStream program = PolicyProgram.archive(source.replace("return (64, 256)", "return " + sides));
                Model model = Model.newInstance("policy", "PyTorch");
                try (Policy other =
                        new Policy(weights, Numerics.FAST, Dtype.FLOAT32, false, Sharding.ALONE, program, model)) {
                    Found found = found(other, packed(SHAPE), Keep.ALL);
                    assertEquals(0, apart(expected.logprobs(), found.logprobs()), 2e-6);
                    assertEquals(0, apart(expected.gradient(), found.gradient()), 2e-6);
                }
            }
        }
    }

    /** Fused attention in bfloat16, spans in float32, padded segments: never run so far. */
    @Tag("gpu")
    @Test
    void aGpuFindsTheGradientOfTheCpu() {
        ComputeDevice gpu = ComputeDevice.available();
        assumeTrue(gpu.gpu(), "no GPU that PyTorch can use");
        for (int window : new int[] {0, 100}) {
            PolicyConfig config = SHAPE.with(Variant.of(Architecture.MISTRAL).withWindow(window));
            WeightSnapshot weights = PolicyTest.random(config, 3);
            float[] exact = gradient(weights, packed(config), Dtype.FLOAT32, ComputeDevice.CPU);
            double half = apart(exact, gradient(weights, packed(config), Dtype.BFLOAT16, ComputeDevice.CPU));
            for (boolean padded : new boolean[] {false, true}) {
                PackedSequences packed = packed(config).padded(padded);
                assertEquals(0, apart(exact, gradient(weights, packed, Dtype.FLOAT32, gpu)), 1e-4);
                assertEquals(0, apart(exact, gradient(weights, packed, Dtype.BFLOAT16, gpu)), 1.5 * half);
            }
        }
    }

    private static float[] gradient(WeightSnapshot weights, PackedSequences packed, Dtype dtype, ComputeDevice device) {
        try (Policy policy = new Policy(weights, Numerics.FAST, dtype, device)) {
            return found(policy, packed, Keep.BLOCKS).gradient();
        }
    }
}
