package io.tramontane.model.gguf;

import static org.junit.jupiter.api.Assertions.*;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    Path folder;

    static byte[] written(int length, Consumer<ByteBuffer> writer) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        writer.accept(bytes);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static void text(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.putLong(utf8.length).put(utf8);
    }

    /** Four keys and one tensor of 2 rows of 3 numbers. */
    private static byte[] small() {
        return written(512, out -> {
            out.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(3)
                    .putLong(1)
                    .putLong(4);
            text(out, "general.architecture");
            out.putInt(8);
            text(out, "llama");
            text(out, "llama.block_count");
            out.putInt(4).putInt(2);
            text(out, "rope");
            out.putInt(6).putFloat(0.5f);
            text(out, "tokens");
            out.putInt(9).putInt(8).putLong(2);
            text(out, "é");
            text(out, "b");
            text(out, "w");
            out.putInt(2).putLong(3).putLong(2).putInt(0).putLong(0);
            while (out.position() % 32 != 0) out.put((byte) 0);
            for (int i = 0; i < 6; i++) out.putFloat(i);
        });
    }

    private GgufFile open(byte[] bytes) {
        try {
            return GgufFile.open(Files.write(folder.resolve("m.gguf"), bytes));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String refusal(byte[] bytes) {
        return assertThrows(BadInputException.class, () -> open(bytes)).getMessage();
    }

    @Test
    void metadataAreReadByKey() {
        GgufFile file = open(small());
        assertEquals("llama", file.text("general.architecture").get());
        assertEquals(2, file.integer("llama.block_count").getAsLong());
        assertEquals(0.5, file.real("rope").getAsDouble());
        assertEquals(List.of("é", "b"), file.texts("tokens").get());
        assertTrue(file.text("nothing").isEmpty());
    }

    @Test
    void aTensorsSidesComeOutermostFirst() {
        GgufTensor tensor = open(small()).tensors().get("w");
        assertArrayEquals(new long[] {2, 3}, tensor.shape()); // the file says 3, 2
        assertEquals(24, tensor.bytes());
        assertEquals(6, tensor.length());
        assertEquals(0, tensor.offset() % 32);
        assertEquals(small().length, tensor.offset() + tensor.bytes());
    }

    @Test
    void aKeyOfAnotherTypeIsNamed() {
        BadInputException e =
                assertThrows(BadInputException.class, () -> open(small()).integer("general.architecture"));
        assertTrue(e.getMessage().endsWith("general.architecture is STRING, expected an integer"));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = small();
        for (int length = 0; length < whole.length; length++) {
            String message = refusal(Arrays.copyOf(whole, length));
            assertTrue(message.contains("m.gguf: "), message);
        }
    }

    @Test
    void hugeCountsAreRefusedBeforeMemoryIsTaken() {
        byte[] bytes = small();
        int count = indexOf(bytes, "tokens") + "tokens".length() + 8;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(count, 1L << 50);
        assertTrue(refusal(bytes).contains("tokens states 1125899906842624 values, the file has room for"));
    }

    @Test
    void anEncodingThatWeDoNotReadIsNamed() {
        byte[] bytes = small();
        // after the key: its name, two types, a count, two texts, the tensor's name, number of sides, two sides
        int encoding = indexOf(bytes, "tokens") + 6 + 16 + 8 + 2 + 8 + 1 + 8 + 1 + 4 + 16;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(encoding, 16);
        assertTrue(refusal(bytes)
                .contains("tensor w has the encoding IQ2_XXS (16), which is not supported, allowed F32 (0)"));
    }

    @Test
    void flippedBitsNeverThrowAnythingElse() {
        Random random = new Random(4);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = small();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--)
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                open(bytes);
            } catch (BadInputException e) {
                refused++;
                assertEquals(1, e.getMessage().lines().count());
            }
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
