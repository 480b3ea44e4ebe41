package io.tramontane.model;

import io.tramontane.model.gguf.Blocks;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import io.tramontane.model.gguf.HalfFloat;
import java.nio.ByteBuffer;

/** Stored numbers to float32: single ones here, those in blocks by {@link Blocks}. */
final class StoredNumbers {
    /** Numbers that are decoded at a time: a multiple of every block, small enough for the processor's caches. */
    private static final int PIECE = 4096;

    private StoredNumbers() {}

    /** Both buffers are little-endian; {@code into} is filled up to its limit. */
    static void decode(Encoding encoding, ByteBuffer from, ByteBuffer into) {
        switch (encoding) {
            case F32 -> into.put(from);
            case F16, BF16 -> shorts(encoding == Encoding.F16, from, into);
            case F8_E4M3 -> {
                while (into.hasRemaining()) into.putFloat(Fp8.value(from.get()));
            }
            default -> blocks(encoding, from, into);
        }
    }

    private static void shorts(boolean half, ByteBuffer from, ByteBuffer into) {
        short[] stored = new short[PIECE];
        float[] numbers = new float[PIECE];
        while (into.hasRemaining()) {
            int count = Math.min(PIECE, into.remaining() / Float.BYTES);
            from.asShortBuffer().get(stored, 0, count);
            from.position(from.position() + count * Short.BYTES);
            if (half) for (int i = 0; i < count; i++) numbers[i] = HalfFloat.toFloat(stored[i]);
            else for (int i = 0; i < count; i++) numbers[i] = Float.intBitsToFloat(stored[i] << 16);
            into.asFloatBuffer().put(numbers, 0, count);
            into.position(into.position() + count * Float.BYTES);
        }
    }

    private static void blocks(Encoding encoding, ByteBuffer from, ByteBuffer into) {
        int most = PIECE / encoding.blockLength();
        byte[] stored = new byte[most * encoding.blockBytes()];
        float[] numbers = new float[PIECE];
        while (into.hasRemaining()) {
            int count = Math.min(most, into.remaining() / Float.BYTES / encoding.blockLength());
            from.get(stored, 0, count * encoding.blockBytes());
            Blocks.decode(encoding, stored, count, numbers);
            int length = count * encoding.blockLength();
            into.asFloatBuffer().put(numbers, 0, length);
            into.position(into.position() + length * Float.BYTES);
        }
    }
}
