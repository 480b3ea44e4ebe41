package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NaN and infinities in weights: one line that names file, tensor and place, in every form that weights are stored in. */
class FiniteTest {
    @TempDir
    Path folder;

    private static final StoredTensor FIVE_BY_TWO_THOUSAND =
            new StoredTensor(Path.of("weights"), "w", Encoding.F32, new long[] {5, 2000}, 0, 5 * 2000 * Float.BYTES);

    private static ByteBuffer floats(int count) {
        ByteBuffer floats = ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) floats.putFloat(4 * i, i % 2 == 0 ? Float.MAX_VALUE : -Float.MIN_VALUE);
        return floats;
    }

    private static String refusal(int count, int at, float value) {
        ByteBuffer floats = floats(count);
        floats.putFloat(4 * at, value);
        return assertThrows(BadInputException.class, () -> Finite.check(FIVE_BY_TWO_THOUSAND, 2000, floats))
                .getMessage();
    }

    @Test
    void theFirstNumberThatIsNotFiniteIsNamedByRowAndColumn() {
        // the piece begins with number 2000, which is [1, 0]
        assertEquals("weights: tensor w: number [1, 0] is NaN, all must be finite", refusal(8000, 0, Float.NaN));
        assertEquals(
                "weights: tensor w: number [4, 1999] is Infinity, all must be finite",
                refusal(8000, 7999, Float.POSITIVE_INFINITY));
        assertEquals(
                "weights: tensor w: number [3, 97] is -Infinity, all must be finite",
                refusal(8000, 4097, Float.NEGATIVE_INFINITY)); // 6097 = 3 * 2000 + 97
        assertTrue(refusal(1, 0, Float.intBitsToFloat(0xFFC00001)).contains("[1, 0] is NaN"));
    }

    @Test
    void theLargestAndTheSmallestNumbersAreFiniteAndTheBufferStaysAsItIs() {
        ByteBuffer floats = floats(8000);
        assertDoesNotThrow(() -> Finite.check(FIVE_BY_TWO_THOUSAND, 0, floats));
        assertEquals(0, floats.position());
        assertEquals(32000, floats.remaining());
    }

    @Test
    void aSafetensorsFileWithNanIsRefused() throws IOException {
        Checkpoint.write(folder, PolicyTest.random(PolicyTest.SMALL, 1), null);
        Path file = folder.resolve("model.safetensors");
        StoredTensor tensor = SafetensorsHeader.read(file).get("model.layers.1.mlp.down_proj.weight"); // [16, 24]
        put(file, tensor.offset() + 4 * (3 * 24 + 7), 0x7FC00000);
        assertEquals(
                file + ": tensor model.layers.1.mlp.down_proj.weight: number [3, 7] is NaN, all must be finite",
                refusal(folder));
    }

    @Test
    void aMomentWithInfinityIsRefused() throws IOException {
        Path file = folder.resolve("first.safetensors");
        Checkpoint.writeVector(new LocalStorage(file), PolicyTest.random(PolicyTest.SMALL, 1));
        put(file, SafetensorsHeader.read(file).get("model.norm.weight").offset(), 0x7F800000);
        String message = assertThrows(BadInputException.class, () -> Checkpoint.openVector(file, PolicyTest.SMALL)
                        .digest())
                .getMessage();
        assertEquals(file + ": tensor model.norm.weight: number [0] is Infinity, all must be finite", message);
    }

    @Test
    void aGgufFileWithNanIsRefused() throws IOException {
        Path file = Files.copy(Fixture.resources().resolve("llama.gguf"), folder.resolve("llama.gguf"));
        var norm = GgufFile.open(file).tensors().get("output_norm.weight");
        assertEquals(Encoding.F32, norm.encoding());
        put(file, norm.offset() + 4, 0x7FC00000);
        assertEquals(file + ": tensor output_norm.weight: number [1] is NaN, all must be finite", refusal(file));
    }

    @Test
    void anAdapterWithNanIsRefused() throws IOException {
        LoraConfig lora = new LoraConfig(2, 4, List.of("q_proj"));
        new PeftAdapter(lora, new AdapterLayout(PolicyTest.SMALL, lora).zeros(0)).write(new LocalStorage(folder));
        Path file = folder.resolve("adapter_model.safetensors");
        StoredTensor any = SafetensorsHeader.read(file).values().iterator().next();
        put(file, any.offset(), 0xFF800000);
        String message = assertThrows(BadInputException.class, () -> PeftAdapter.read(folder, PolicyTest.SMALL, 0))
                .getMessage();
        assertEquals(any.what() + ": number [0, 0] is -Infinity, all must be finite", message);
    }

    /** theta is 1, the gradient has one NaN; nothing may change, or the policy is lost. */
    @Test
    void anUpdateWithANanInTheGradientChangesNothing() {
        try (Policy policy = new Policy(PolicyTest.random(PolicyTest.SMALL, 3))) {
            FlatVector theta = policy.vector(3);
            theta.values().addi(1);
            FlatVector gradient = policy.vector(3);
            gradient.write(0, new float[] {1, Float.NaN, 1});
            FlatVector first = policy.vector(3);
            FlatVector second = policy.vector(3);
            String message = assertThrows(NotFiniteGradientException.class, () -> new AdamW(0.9, 0.99, 1e-8, 0.01, 1.0)
                            .step(policy, new AdamW.Vectors(theta, gradient, first, second), 1, 0.1))
                    .getMessage();
            assertEquals("the norm of the gradient is NaN, must be finite; the weights are as they were", message);
            assertArrayEquals(new float[] {1, 1, 1}, theta.read(new VectorRange(0, 3)));
            assertArrayEquals(new float[3], first.read(new VectorRange(0, 3)));
        }
    }

    private static String refusal(Path model) {
        return assertThrows(BadInputException.class, () -> Checkpoint.read(model, 0))
                .getMessage();
    }

    private static void put(Path file, long at, int bits) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(Math.toIntExact(at), bits);
        Files.write(file, bytes);
    }
}
