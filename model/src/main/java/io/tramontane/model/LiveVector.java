package io.tramontane.model;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A vector of the trained one's size, read where it lies, some megabytes at a time: saving it takes no copy of it. It has the
 * numbers of the moment in which they are read, and lives as long as the policy.
 *
 * @param config of the policy
 * @param vector what this rank has of it
 * @param trained how it lies in what is trained
 */
record LiveVector(PolicyConfig config, FlatVector vector, Trainable trained) implements VectorSource {
    @Override
    public List<TensorRange> tensors() {
        return trained.tensors();
    }

    @Override
    public List<VectorRange> held() {
        return trained.saved();
    }

    @Override
    public ByteBuffer part(long byteOffset, long most) {
        long at = byteOffset / Float.BYTES;
        VectorRange asked = new VectorRange(at, Math.max(1, Math.min(most, FlatVector.PIECE) / Float.BYTES));
        for (VectorRange range : held())
            for (Partition.Piece piece : trained.pieces()) {
                VectorRange here = range.and(piece.range())
                        .flatMap(both -> both.and(asked))
                        .orElse(null);
                if (here != null && here.offset() == at)
                    return vector.bytes(
                            new VectorRange(piece.at() + at - piece.range().offset(), here.length()));
            }
        throw new IllegalStateException("byte " + byteOffset + " is not held here");
    }
}
