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

/** Names of the tensors around a vision tower; the numbers are PolicyReferenceTest's. */
class TextPartTest {
    private static final Path FIXTURE = Fixture.resources().resolve("mistral3");

    @TempDir
    Path folder;

    /** The fixture with other names in the header, which blanks fill up to a multiple of eight bytes. */
    private Path renamed(String from, String to) throws IOException {
        Files.copy(FIXTURE.resolve("config.json"), folder.resolve("config.json"));
        byte[] bytes = Files.readAllBytes(FIXTURE.resolve("model.safetensors"));
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
        assertTrue(header.contains(from), header);
        byte[] other = header.replace(from, to).getBytes(StandardCharsets.UTF_8);
        int head = Math.max(length, (other.length + 7) / 8 * 8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + head + bytes.length - 8 - length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(head).put(other);
        while (file.position() < 8 + head) file.put((byte) ' ');
        file.put(bytes, 8 + length, bytes.length - 8 - length);
        Files.write(folder.resolve("model.safetensors"), file.array());
        return folder;
    }

    @Test
    void bothSpellingsAreTheSameModel() throws IOException {
        Path other = renamed("language_model.model.", "model.language_model.");
        assertEquals(
                Checkpoint.read(FIXTURE, 0).digest(), Checkpoint.read(other, 0).digest());
    }

    @Test
    void theHeadMayLieOutside() throws IOException {
        Path other = renamed("language_model.lm_head.", "lm_head.");
        assertEquals(
                Checkpoint.read(FIXTURE, 0).digest(), Checkpoint.read(other, 0).digest());
    }

    @Test
    void aTensorOfNeitherPartIsNamed() throws IOException {
        Path other = renamed("vision_tower.ln_pre", "hearing.ln_pre");
        BadInputException e = assertThrows(BadInputException.class, () -> Checkpoint.read(other, 0));
        assertTrue(
                e.getMessage()
                        .endsWith("tensor hearing.ln_pre.weight does not belong to a Mistral3ForConditionalGeneration"),
                e.getMessage());
    }

    @Test
    void aTensorThatTheDecoderLacksIsNamed() throws IOException {
        Path other = renamed("language_model.model.norm.", "language_model.model.norn.");
        BadInputException e = assertThrows(BadInputException.class, () -> Checkpoint.read(other, 0));
        assertTrue(e.getMessage().endsWith("tensor model.norm.weight is missing"), e.getMessage());
    }
}
