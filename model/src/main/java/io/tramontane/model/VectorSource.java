package io.tramontane.model;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A vector of float32 under its tensors' names, or the ranges of it that a process holds: what files are written from. A {@link
 * WeightSnapshot} is a copy of one; a {@link LiveVector} is read where it lies.
 */
public interface VectorSource {
    /** Shape of the policy. */
    PolicyConfig config();

    /** Named parameters in their order. */
    List<TensorRange> tensors();

    /** The ranges that are held, in order. */
    List<VectorRange> held();

    /** Size of the vector in bytes, whatever of it is held. */
    default long bytes() {
        TensorRange last = tensors().get(tensors().size() - 1);
        return Math.multiplyExact(last.offset() + last.length(), (long) Float.BYTES);
    }

    /** SHA-256 of all bytes, in hexadecimal; all must be held. */
    default String digest() {
        WeightDigest sha = WeightDigest.begin();
        for (long at = 0; at < bytes(); ) {
            ByteBuffer part = part(at, FlatVector.PIECE);
            at += part.remaining();
            sha.update(part);
        }
        return sha.hex();
    }

    /** At most {@code most} bytes from an offset, little-endian, as far as they lie together; do not write to them, do not keep them. */
    ByteBuffer part(long byteOffset, long most);

    /** Fills {@code into} with the bytes from an offset on. */
    default void read(long byteOffset, ByteBuffer into) {
        for (long at = byteOffset; into.hasRemaining(); ) {
            ByteBuffer part = part(at, into.remaining());
            at += part.remaining();
            into.put(part);
        }
    }
}
