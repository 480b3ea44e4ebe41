package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a tensor's numbers lie in a file; the offsets are checked against it.
 *
 * @param file of any of the supported formats
 * @param name in that file
 * @param encoding of its numbers
 * @param shape outermost side first
 * @param offset first byte
 * @param bytes length
 * @param scale what its numbers are multiplied by; null where they are what they say
 */
record StoredTensor(Path file, String name, Encoding encoding, long[] shape, long offset, long bytes, Fp8.Scale scale) {
    StoredTensor(Path file, String name, Encoding encoding, long[] shape, long offset, long bytes) {
        this(file, name, encoding, shape, offset, bytes, null);
    }

    /** The same with a scale. */
    StoredTensor times(Fp8.Scale factor) {
        return new StoredTensor(file, name, encoding, shape, offset, bytes, factor);
    }

    long length() {
        return bytes / encoding.blockBytes() * encoding.blockLength();
    }

    /** Part of a tensor along its outermost sides, e.g. one expert of all. */
    StoredTensor part(int index, long[] partShape) {
        long length = 1;
        for (long side : partShape) length = Math.multiplyExact(length, side);
        long size = length / encoding.blockLength() * encoding.blockBytes();
        return new StoredTensor(file, name, encoding, partShape, offset + index * size, size);
    }

    String what() {
        return file + ": tensor " + name;
    }

    void checkShape(long[] expected) {
        if (!Arrays.equals(shape, expected))
            throw new BadInputException(
                    what() + ": shape " + Arrays.toString(shape) + ", expected " + Arrays.toString(expected));
    }
}
