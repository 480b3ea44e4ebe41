package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredWeightsTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 32, 2, 1, 16, 64, 1049, 192, 10_000, 1e-6, true, 1);

    @TempDir
    Path folder;

    private static WeightSnapshot weights() {
        WeightSnapshot weights = new WeightSnapshot(SHAPE, 3);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer values = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            while (values.hasRemaining()) values.putFloat(0.01f * values.position() + tensor.offset());
            weights.write(tensor.offset() * 4, values.flip());
        }
        return weights;
    }

    @Test
    void theDigestOnDiskIsTheOneInMemory() throws IOException {
        WeightSnapshot weights = weights();
        Checkpoint.write(folder, weights, null);
        assertEquals(weights.digest(), StoredWeights.digest(new LocalStorage(folder)));
    }

    @Test
    void theSameInSeveralFiles() throws IOException {
        WeightSnapshot weights = weights();
        Checkpoint.write(folder, weights, null, new SaveForm(false, 20_000));
        assertTrue(Files.exists(folder.resolve("model.safetensors.index.json")), "one file only");
        assertEquals(weights.digest(), StoredWeights.digest(new LocalStorage(folder)));
    }

    @Test
    void aFileThatEndsInItsHeaderIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("model.safetensors"), new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{'});
        BadInputException e =
                assertThrows(BadInputException.class, () -> StoredWeights.digest(new LocalStorage(folder)));
        assertTrue(e.getMessage().startsWith(file + ": ends too early"), e.getMessage());
        Files.write(file, new byte[0]);
        e = assertThrows(BadInputException.class, () -> StoredWeights.digest(new LocalStorage(folder)));
        assertEquals(file + ": has no safetensors header", e.getMessage());
    }
}
