package io.tramontane.model.gguf;

import static org.junit.jupiter.api.Assertions.*;

import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blocks against the gguf package (tools/gguf_blocks.py). */
class BlocksTest {
    private static final GgufFile FILE = GgufFile.open(Path.of("src/test/resources/gguf-blocks/blocks.gguf"));

    private static byte[] bytes(String name) throws IOException {
        GgufTensor tensor = FILE.tensors().get(name);
        int from = (int) tensor.offset();
        return Arrays.copyOfRange(Files.readAllBytes(FILE.file()), from, from + (int) tensor.bytes());
    }

    private static float[] floats(String name) throws IOException {
        byte[] bytes = bytes(name);
        float[] floats = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F32", "F16", "BF16", "F8_E4M3"})
    void blocksAreDecodedToTheBitsOfTheGgufPackage(Encoding encoding) throws IOException {
        byte[] stored = bytes(encoding.name());
        float[] expected = floats(encoding.name() + ".numbers");
        float[] decoded = new float[expected.length];
        Blocks.decode(encoding, stored, stored.length / encoding.blockBytes(), decoded);
        int finite = 0;
        for (int i = 0; i < decoded.length; i++) {
            if (Float.isFinite(expected[i])) finite++;
            // NaN has many bit patterns; the file's special scales make some
            assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(decoded[i]), encoding + " " + i);
        }
        assertTrue(finite > decoded.length / 2 && finite < decoded.length, finite + " of " + decoded.length);
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"F32", "F16", "BF16", "Q8_0"})
    void numbersAreStoredAsTheBytesOfTheGgufPackage(Encoding encoding) throws IOException {
        float[] input = floats("input");
        byte[] expected = bytes(encoding == Encoding.F32 ? "input" : "input." + encoding);
        byte[] stored = new byte[expected.length];
        Blocks.encode(encoding, input, input.length, stored);
        for (int i = 0; i < stored.length; i++)
            assertEquals(expected[i], stored[i], encoding + " block " + i / encoding.blockBytes() + " byte " + i);
    }

    @Test
    void everyHalfComesBackAndTheMiddleBetweenTwoBecomesTheEvenOne() {
        for (int bits = 0; bits < 0x7C00; bits++) {
            float value = HalfFloat.toFloat((short) bits);
            assertEquals((short) bits, HalfFloat.of(value));
            assertEquals((short) (bits | 0x8000), HalfFloat.of(-value));
            if (bits == 0x7BFF) continue;
            float middle = (value + HalfFloat.toFloat((short) (bits + 1))) / 2; // exact in float32
            assertEquals((short) (bits + (bits & 1)), HalfFloat.of(middle));
            assertEquals((short) bits, HalfFloat.of(Math.nextDown(middle)));
            assertEquals((short) (bits + 1), HalfFloat.of(Math.nextUp(middle)));
        }
        assertEquals(0x7BFF, HalfFloat.of(Math.nextDown(HalfFloat.TOO_LARGE)));
        assertEquals(0x7C00, HalfFloat.of(HalfFloat.TOO_LARGE));
        assertTrue(Float.isNaN(HalfFloat.toFloat(HalfFloat.of(Float.NaN))));
    }
}
