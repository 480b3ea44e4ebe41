package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code attention.sliding_window} in a GGUF file's metadata. */
class GgufWindowTest {
    /** Of the file: magic, version, how many tensors, how many keys. */
    private static final int HEAD = 24;

    /** A multiple of 32, to which the tensors are aligned. */
    private static final int MORE = 64;

    @TempDir
    Path folder;

    /** A fixture with a window, and a second key that fills up to {@link #MORE} bytes. */
    private Path with(String family, int window) throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(
                        Files.readAllBytes(Fixture.resources().resolve(family + ".gguf")))
                .order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer file = ByteBuffer.allocate(plain.capacity() + MORE).order(ByteOrder.LITTLE_ENDIAN);
        file.put(plain.array(), 0, HEAD).putLong(HEAD - Long.BYTES, plain.getLong(HEAD - Long.BYTES) + 2);
        String key = family + ".attention.sliding_window";
        text(file, key).putInt(4).putInt(window); // an unsigned integer
        text(file, "x".repeat(HEAD + MORE - file.position() - 8 - 5)).putInt(7).put((byte) 1); // a truth value
        file.put(plain.array(), HEAD, plain.capacity() - HEAD);
        return Files.write(folder.resolve(family + ".gguf"), file.array());
    }

    private static ByteBuffer text(ByteBuffer out, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return out.putLong(ascii.length).put(ascii);
    }

    @Test
    void aLlamaWithAWindowIsAMistralAndKeepsItWhenItIsSaved() throws IOException {
        WeightSnapshot weights = Checkpoint.read(with("llama", 24), 0);
        assertEquals(Architecture.MISTRAL, weights.config().variant().architecture());
        Path saved = folder.resolve("saved");
        Checkpoint.write(saved, weights, null);
        assertEquals(24, Checkpoint.config(saved).variant().window());
        assertEquals(weights.config(), Checkpoint.config(saved));
        assertEquals(weights.digest(), Checkpoint.read(saved, 0).digest());
    }

    @Test
    void aWindowThatReachesOverTheWholeContextIsNone() throws IOException {
        int context =
                Checkpoint.config(Fixture.resources().resolve("llama.gguf")).positions();
        PolicyConfig config = Checkpoint.config(with("llama", context));
        assertEquals(
                Variant.of(Architecture.LLAMA).architecture(), config.variant().architecture());
        assertEquals(0, config.variant().window());
    }

    @Test
    void aWindowOfQwenWhichNoConfigCouldSayIsRefused() throws IOException {
        Path file = with("qwen2", 24);
        String message = assertThrows(BadInputException.class, () -> Checkpoint.config(file))
                .getMessage();
        assertTrue(message.contains("qwen2.attention.sliding_window 24 is not supported, allowed none"), message);
    }
}
