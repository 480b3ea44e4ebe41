package io.tramontane.model;

import static io.tramontane.model.ProductLibrary.MKL;
import static io.tramontane.model.ProductLibrary.ONEDNN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProductLibraryTest {
    private static final String AVX_512 = "fpu avx avx2 fma avx512f avx512dq avx512bw avx512vl";

    private static List<String> processor(String maker, String flags) {
        return List.of("processor\t: 0", "vendor_id\t: " + maker, "model name\t: P", "flags\t\t: " + flags);
    }

    private static ProductLibrary of(List<String> processor) {
        return ProductLibrary.of(Optional.empty(), processor);
    }

    @Test
    void oneDnnMultipliesWhereAvx512IsNotIntels() {
        assertEquals(ONEDNN, of(processor("AuthenticAMD", AVX_512)));
        assertEquals(MKL, of(processor("GenuineIntel", AVX_512)));
        assertEquals(MKL, of(processor("AuthenticAMD", "fpu avx avx2 fma")));
        assertEquals(MKL, of(processor("AuthenticAMD", AVX_512.replace("avx512dq", ""))));
        assertEquals(MKL, of(List.of())); // no such file
        assertEquals(MKL, of(List.of("processor\t: 0", "Features\t: fp asimd"))); // Arm
    }

    @Test
    void theVariableDecidesWhateverTheProcessorIs() {
        assertEquals(ONEDNN, ProductLibrary.of(Optional.of("onednn"), processor("GenuineIntel", AVX_512)));
        assertEquals(MKL, ProductLibrary.of(Optional.of("mkl"), processor("AuthenticAMD", AVX_512)));
        assertEquals(ONEDNN, ProductLibrary.of(Optional.of("auto"), processor("AuthenticAMD", AVX_512)));
        BadInputException wrong =
                assertThrows(BadInputException.class, () -> ProductLibrary.of(Optional.of("blas"), List.of()));
        assertEquals("TRAMONTANE_PRODUCTS blas, allowed auto, mkl, onednn", wrong.getMessage());
    }

    private static Policy policy(WeightSnapshot weights, Dtype compute, ProductLibrary library) {
        ComputeThread.prepare();
        return new Policy(
                weights,
                Numerics.FAST,
                Dtype.FLOAT32,
                false,
                Sharding.ALONE,
                PolicyProgram.archive(weights.config(), Numerics.FAST, compute == Dtype.BFLOAT16, library),
                Model.newInstance("policy", "PyTorch"));
    }

    private static double apart(float[] one, float[] other) {
        return TrainingPassTest.distance(one, other) / TrainingPassTest.norm(one);
    }

    /** All families: the products of attention, of blocks, of experts, and of the head. */
    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void bothLibrariesFindTheSameLogprobsAndGradient(String name) {
        WeightSnapshot weights = Checkpoint.read(Fixture.folder(name).model(), 0);
        PackedSequences packed = TrainingPassTest.packed(weights.config());
        boolean half = name.equals("llama2"); // where blocks compute in bfloat16, the head is left
        for (Dtype compute : half ? List.of(Dtype.FLOAT32, Dtype.BFLOAT16) : List.of(Dtype.FLOAT32)) {
            try (Policy mkl = policy(weights, compute, MKL);
                    Policy other = policy(weights, compute, ONEDNN)) {
                assertArrayEquals(mkl.logprobs(packed, 0.8), other.logprobs(packed, 0.8), 1e-4f);
                float[] gradient = TrainingPassTest.gradient(other, Keep.ALL);
                assertTrue(apart(TrainingPassTest.gradient(mkl, Keep.ALL), gradient) < 1e-5);
                assertArrayEquals(gradient, TrainingPassTest.gradient(other, Keep.ALL));
                assertArrayEquals(gradient, TrainingPassTest.gradient(other, Keep.BLOCKS));
            }
        }
    }

    /** Matrices of more than 512 rows, whose gradient comes in parts; their last one is smaller. */
    @Test
    void wideLayersAgreeAsWell() {
        PolicyConfig wide = new PolicyConfig(2, 64, 4, 2, 16, 700, 1300, 64, 10_000, 1e-5, true, 0);
        WeightSnapshot weights = PolicyTest.random(wide, 5);
        try (Policy mkl = policy(weights, Dtype.FLOAT32, MKL);
                Policy other = policy(weights, Dtype.FLOAT32, ONEDNN)) {
            float[] expected = TrainingPassTest.gradient(mkl, Keep.ALL);
            float[] found = TrainingPassTest.gradient(other, Keep.ALL);
            assertTrue(apart(expected, found) < 1e-5, apart(expected, found) + "");
        }
    }

    @Test
    void batchInvariantProductsAreThoseOfPyTorch() {
        String mkl = PolicyProgram.source(PolicyTest.SMALL, Numerics.BATCH_INVARIANT, false, MKL);
        assertEquals(mkl, PolicyProgram.source(PolicyTest.SMALL, Numerics.BATCH_INVARIANT, false, ONEDNN));
        assertNotEquals(
                PolicyProgram.source(PolicyTest.SMALL, Numerics.FAST, false, MKL),
                PolicyProgram.source(PolicyTest.SMALL, Numerics.FAST, false, ONEDNN));
    }

    /** x = (1, 2; 3, 4), weight = (1, 0; 0, 1; 1, 1), dy = ones. */
    @Test
    void theProductsAreThoseByHand() {
        for (ProductLibrary library : ProductLibrary.values())
            try (Policy policy = policy(PolicyTest.random(PolicyTest.SMALL, 1), Dtype.FLOAT32, library);
                    NDManager scope = policy.manager().newSubManager()) {
                NDArray x = Policy.floats(scope, new float[] {1, 2, 3, 4}, 2, 2);
                NDArray weight = Policy.floats(scope, new float[] {1, 0, 0, 1, 1, 1}, 3, 2);
                NDArray dy = Policy.floats(scope, new float[] {1, 1, 1, 1, 1, 1}, 2, 3);
                NDArray gradient = Policy.floats(scope, new float[] {10, 10, 10, 10, 10, 10}, 3, 2);
                assertArrayEquals(
                        new float[] {1, 2, 3, 3, 4, 7},
                        Policy.take(policy.run("product", Policy.tensor(x), Policy.tensor(weight)), scope)
                                .toFloatArray());
                assertArrayEquals(
                        new float[] {2, 2, 2, 2},
                        Policy.take(policy.run("back_product", Policy.tensor(dy), Policy.tensor(weight)), scope)
                                .toFloatArray());
                Policy.free(policy.run("add_product", Policy.tensor(gradient), Policy.tensor(dy), Policy.tensor(x)));
                assertArrayEquals(new float[] {14, 16, 14, 16, 14, 16}, gradient.toFloatArray());
            }
    }

    @Test
    void aPolicyTakesTheLibraryOfItsMachine() {
        WeightSnapshot weights = PolicyTest.random(PolicyTest.SMALL, 1);
        PackedSequences packed = TrainingPassTest.packed(PolicyTest.SMALL);
        try (Policy named = policy(weights, Dtype.FLOAT32, ProductLibrary.ofMachine());
                Policy own = new Policy(weights, Numerics.FAST, ComputeDevice.CPU)) {
            assertArrayEquals(named.logprobs(packed, 0.8), own.logprobs(packed, 0.8));
        }
    }
}
