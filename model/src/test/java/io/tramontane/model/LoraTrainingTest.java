package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.model.PackedSequences.PromptGroup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapters beside a frozen base: what they compute, and that their gradient is that of the merged weights, projected. */
class LoraTrainingTest {
    private static final List<String> ATTENTION = List.of("q_proj", "k_proj", "v_proj", "o_proj");

    private static LoraConfig lora(PolicyConfig config) {
        boolean sparse = config.variant().experts().count() > 0;
        return new LoraConfig(3, 5, sparse ? ATTENTION : LoraConfig.NAMES);
    }

    private static Policy policy(WeightSnapshot base, LoraConfig lora) {
        return new Policy(base, Numerics.FAST, Dtype.FLOAT32, ComputeDevice.CPU, lora);
    }

    /** A and B both away from 0. */
    static WeightSnapshot random(AdapterLayout layout, long seed) {
        Random random = new Random(seed);
        WeightSnapshot adapters = layout.zeros(0);
        ByteBuffer bytes = ByteBuffer.allocate((int) adapters.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) bytes.putFloat((float) (0.1 * random.nextGaussian()));
        adapters.write(0, bytes.flip());
        return adapters;
    }

    private static float[] numbers(WeightSnapshot from) {
        ByteBuffer bytes = ByteBuffer.allocate((int) from.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        from.read(0, bytes);
        float[] numbers = new float[bytes.capacity() / Float.BYTES];
        bytes.flip().asFloatBuffer().get(numbers);
        return numbers;
    }

    private static PackedSequences packed(PolicyConfig config) {
        Random random = new Random(5);
        int[] prompt = random.ints(4, 0, config.vocabulary()).toArray();
        int[] one = random.ints(7, 0, config.vocabulary()).toArray();
        int[] two = random.ints(2, 0, config.vocabulary()).toArray();
        return PackedSequences.of(List.of(new PromptGroup(prompt, List.of(one, two))));
    }

    private static float[] gradient(Policy policy, Keep keep) {
        FlatVector gradient = policy.vector();
        try (TrainingPass pass = policy.pass(packed(policy.config()), 0.8, keep)) {
            pass.backward(
                    (from, to, logprobs, entropies, slope, own) -> {
                        for (int m = from; m < to; m++) slope[m] = 0.1f * (m % 7 - 3);
                    },
                    gradient);
        }
        return gradient.read(new VectorRange(0, gradient.length()));
    }

    /** dB = s dW A^T, dA = s B^T dW, in float64. */
    private static double[] projected(float[] full, float[] adapters, AdapterLayout layout) {
        double[] expected = new double[adapters.length];
        int rank = layout.lora().rank();
        for (Adapter adapter : layout.adapters()) {
            int columns = (int) adapter.weight().shape()[1];
            for (int i = 0; i < adapter.weight().length(); i++) {
                double slope =
                        layout.lora().scale() * full[(int) adapter.weight().offset() + i];
                for (int k = 0; k < rank; k++) {
                    int a = (int) adapter.a().offset() + k * columns + i % columns;
                    int b = (int) adapter.b().offset() + i / columns * rank + k;
                    expected[b] += slope * adapters[a];
                    expected[a] += slope * adapters[b];
                }
            }
        }
        return expected;
    }

    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void gradientsAreThoseOfTheMergedMatricesProjected(String name) {
        WeightSnapshot base = Checkpoint.read(Fixture.folder(name).model(), 0);
        AdapterLayout layout = new AdapterLayout(base.config(), lora(base.config()));
        WeightSnapshot adapters = random(layout, 2);
        try (Policy policy = policy(base, layout.lora())) {
            policy.load(policy.trained(), adapters);
            float[] full;
            try (Policy merged = new Policy(policy.snapshot(0), Numerics.FAST, ComputeDevice.CPU)) {
                full = gradient(merged, Keep.ALL);
            }
            double[] expected = projected(full, numbers(adapters), layout);
            float[] found = gradient(policy, Keep.ALL);
            assertEquals(layout.length(), found.length);
            double largest = 0;
            for (double number : expected) largest = Math.max(largest, Math.abs(number));
            assertTrue(largest > 1e-3, name + " " + largest);
            for (int i = 0; i < found.length; i++) assertEquals(expected[i], found[i], 1e-5 * largest, name + " " + i);
            assertArrayEquals(found, gradient(policy, Keep.BLOCKS));
        }
    }

    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void adaptersThatBeginChangeNotOneBit(String name) {
        WeightSnapshot base = Checkpoint.read(Fixture.folder(name).model(), 0);
        LoraConfig lora = lora(base.config());
        PackedSequences packed = packed(base.config());
        try (Policy plain = new Policy(base, Numerics.FAST, ComputeDevice.CPU);
                Policy policy = policy(base, lora)) {
            policy.load(policy.trained(), new AdapterLayout(base.config(), lora).initial(1));
            assertArrayEquals(plain.logprobs(packed, 1), policy.logprobs(packed, 1));
            assertEquals(base.digest(), policy.snapshot(0).digest());
        }
    }

    /** The slow twin in Java adds in float64. */
    @Test
    void theServedWeightsAreTheBaseAndTheScaledProduct() {
        WeightSnapshot base = PolicyTest.random(PolicyTest.SMALL, 1);
        AdapterLayout layout = new AdapterLayout(base.config(), new LoraConfig(2, 6, List.of("k_proj", "down_proj")));
        WeightSnapshot adapters = random(layout, 3);
        try (Policy policy = policy(base, layout.lora())) {
            policy.load(policy.trained(), adapters);
            float[] served = numbers(policy.snapshot(7));
            float[] frozen = numbers(base);
            new PeftAdapter(layout.lora(), adapters).mergeInto(base);
            float[] merged = numbers(base);
            assertArrayEquals(merged, served, 1e-6f);
            Adapter first = layout.adapters().get(0);
            assertEquals(
                    "model.layers.0.self_attn.k_proj.weight", first.weight().name());
            float[] ab = numbers(adapters); // row 0 of W, column 0: 6/2 (B00 A00 + B01 A10)
            int b = (int) first.b().offset();
            double product = 3 * (ab[b] * ab[0] + ab[b + 1] * (double) ab[16]);
            int at = (int) first.weight().offset();
            assertEquals(frozen[at] + product, merged[at], 1e-6);
            assertEquals(7, policy.snapshot(7).version());
        }
    }

    /** Whatever the optimizer does, the base has the same bits: with adapters of 0 again it serves the base. */
    @Test
    void theBaseIsNeverWrittenTo() {
        WeightSnapshot base = PolicyTest.random(PolicyTest.SMALL, 1);
        LoraConfig lora = new LoraConfig(2, 6, LoraConfig.NAMES);
        AdapterLayout layout = new AdapterLayout(base.config(), lora);
        try (Policy policy = policy(base, lora)) {
            policy.load(policy.trained(), layout.initial(1));
            FlatVector gradient = policy.vector();
            AdamW.Vectors vectors = new AdamW.Vectors(policy.trained(), gradient, policy.vector(), policy.vector());
            gradient.write(0, gradient(policy, Keep.ALL));
            new AdamW(0.9, 0.95, 1e-8, 0, 1).step(policy, vectors, 1, 0.1);
            assertTrue(!base.digest().equals(policy.snapshot(1).digest()));
            policy.trained().clear();
            assertEquals(base.digest(), policy.snapshot(1).digest());
        }
    }

    /** W 16, query 16, key 8, hidden 24, 2 layers: 2 x 3 x (32 + 24 + 24 + 32 + 40 + 40 + 40). */
    @Test
    void theTrainedVectorHoldsTheAdaptersAlone() {
        AdapterLayout layout = new AdapterLayout(PolicyTest.SMALL, new LoraConfig(3, 1, LoraConfig.NAMES));
        assertEquals(1392, layout.length());
        assertEquals(3 * 16 * 24 + 16, layout.largestBlock()); // gate, up, down and the norm
        TensorRange first = layout.tensors().get(0);
        assertEquals("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", first.name());
        assertArrayEquals(new long[] {3, 16}, first.shape());
        assertArrayEquals(new long[] {8, 3}, layout.tensors().get(3).shape());
    }

    @Test
    void aBeginsEvenlySpreadAndBWithNothing() {
        AdapterLayout layout = new AdapterLayout(PolicyTest.SMALL, new LoraConfig(8, 1, LoraConfig.NAMES));
        float[] first = numbers(layout.initial(4));
        for (TensorRange tensor : layout.tensors()) {
            boolean a = tensor.name().contains("lora_A");
            double squares = 0;
            for (int i = (int) tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                assertTrue(Math.abs(first[i]) <= (a ? 1 / Math.sqrt(tensor.shape()[1]) : 0), tensor.name());
                squares += first[i] * first[i];
            }
            // variance of U(-m, m) with m = 1 / sqrt(columns) is m^2 / 3
            if (a) assertEquals(1.0 / 3, squares / tensor.length() * tensor.shape()[1], 0.1, tensor.name());
        }
        assertArrayEquals(first, numbers(layout.initial(4)));
        assertTrue(first[0] != numbers(layout.initial(5))[0]);
    }

    private static String refused(int rank, double alpha, String... targets) {
        return assertThrows(IllegalArgumentException.class, () -> new LoraConfig(rank, alpha, List.of(targets)))
                .getMessage();
    }

    @Test
    void impossibleAdaptersAreRefusedWithWhatIsAllowed() {
        assertEquals("lora.rank -1, allowed 1 to 4096, or 0 for none", refused(-1, 1, "q_proj"));
        assertEquals("lora.alpha 0.0, allowed > 0", refused(1, 0, "q_proj"));
        String names = "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj";
        assertEquals("lora.targets qproj, allowed " + names, refused(1, 1, "q_proj", "qproj"));
        assertEquals("lora.targets is empty, allowed " + names, refused(1, 1));
        assertEquals("lora.targets [q_proj, q_proj]: a name is there twice", refused(1, 1, "q_proj", "q_proj"));
    }

    @Test
    void aTargetThatTheModelLacksIsRefused() {
        PolicyConfig mixtral = Checkpoint.config(Fixture.folder("mixtral").model());
        BadInputException e = assertThrows(
                BadInputException.class, () -> new AdapterLayout(mixtral, new LoraConfig(1, 1, LoraConfig.NAMES)));
        assertEquals(
                "lora.targets gate_proj: a MixtralForCausalLM has no such matrix, allowed q_proj, k_proj, v_proj, o_proj",
                e.getMessage());
    }
}
