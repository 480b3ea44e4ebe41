package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/** Refuses NaN and infinities among the numbers of a file, in one pass at the speed of memory. */
final class Finite {
    private static final int PIECE = 4096;
    private static final int EXPONENT = 0x7F800000;
    /** Added to the exponent's bits, it carries into the sign bit when all of them are set, and only then. */
    private static final int CARRY = 0x00800000;

    private Finite() {}

    /**
     * Checks decoded numbers of a tensor.
     *
     * @param at which of the tensor's numbers is the first
     * @param floats little-endian float32 from position to limit, which stay as they are
     */
    static void check(StoredTensor tensor, long at, ByteBuffer floats) {
        IntBuffer bits = floats.slice().order(floats.order()).asIntBuffer();
        int[] piece = new int[Math.min(PIECE, bits.remaining())];
        for (long first = at; bits.hasRemaining(); first += piece.length) {
            int count = Math.min(piece.length, bits.remaining());
            bits.get(piece, 0, count);
            if (anyNotFinite(piece, count)) throw refuse(tensor, first, piece);
        }
    }

    private static boolean anyNotFinite(int[] bits, int count) {
        int carried = 0;
        for (int i = 0; i < count; i++) carried |= (bits[i] & EXPONENT) + CARRY;
        return carried < 0;
    }

    private static BadInputException refuse(StoredTensor tensor, long first, int[] bits) {
        int i = 0;
        while ((bits[i] & EXPONENT) != EXPONENT) i++;
        return new BadInputException(tensor.what() + ": number " + Arrays.toString(index(tensor.shape(), first + i))
                + " is " + Float.intBitsToFloat(bits[i]) + ", all must be finite");
    }

    /** Where a number stands, one index for each side, from 0. */
    private static long[] index(long[] shape, long number) {
        long[] index = new long[shape.length];
        for (int side = shape.length - 1; side >= 0; side--) {
            index[side] = number % shape[side];
            number /= shape[side];
        }
        return index;
    }
}
