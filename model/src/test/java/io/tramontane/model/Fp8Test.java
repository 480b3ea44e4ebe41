package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices in 8 bits against torch (tools/mistral_form.py). */
class Fp8Test {
    private static final Path FOLDER = MistralFormTest.model("matrices");
    private static final Map<String, StoredTensor> STORED =
            SafetensorsHeader.read(FOLDER.resolve("stored.safetensors"));
    private static final Map<String, StoredTensor> EXPECTED =
            SafetensorsHeader.read(FOLDER.resolve("expected.safetensors"));

    private static float[] numbers(StoredTensor tensor) {
        float[] numbers = new float[(int) tensor.length()];
        try (TensorReader reader = new TensorReader(tensor.file())) {
            reader.read(tensor, numbers);
        }
        return numbers;
    }

    @Test
    void theLargestTheSmallestAndWhatIsNoNumber() {
        assertEquals(448, Fp8.value((byte) 0x7E));
        assertEquals(-448, Fp8.value((byte) 0xFE));
        assertEquals(0x1p-9f, Fp8.value((byte) 1));
        assertEquals(0x1p-6f, Fp8.value((byte) 8));
        assertEquals(1, Fp8.value((byte) 0x38));
        assertTrue(Float.isNaN(Fp8.value((byte) 0x7F)) && Float.isNaN(Fp8.value((byte) 0xFF)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensor", "channel", "rows", "block"})
    void scalesAreAppliedAsTorchDoes(String kind) {
        Map<String, StoredTensor> scaled = Fp8.scaled(FOLDER, new Quantization(4, 4), STORED);
        String name = kind + ".weight";
        assertArrayEquals(numbers(EXPECTED.get(name)), numbers(scaled.get(name)));
        assertEquals(EXPECTED.keySet(), scaled.keySet());
    }

    @Test
    void blocksNeedTheirSizeFromTheConfiguration() {
        BadInputException e =
                assertThrows(BadInputException.class, () -> Fp8.scaled(FOLDER, new Quantization(0, 0), STORED));
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "tensor block.weight_scale_inv: shape [2, 3] is no scale of [6, 10], allowed one number,"
                                        + " one for each row"),
                e.getMessage());
    }

    @Test
    void eightBitsWithoutAScaleAreRefused() {
        Map<String, StoredTensor> stored = new LinkedHashMap<>(STORED);
        assertFalse(stored.remove("tensor.weight_scale") == null);
        BadInputException e =
                assertThrows(BadInputException.class, () -> Fp8.scaled(FOLDER, new Quantization(4, 4), stored));
        assertTrue(e.getMessage().contains("tensor tensor.weight: F8_E4M3 without a scale"), e.getMessage());
    }
}
