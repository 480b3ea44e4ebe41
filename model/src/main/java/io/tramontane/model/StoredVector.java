package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A vector of theta's size as it lies in safetensors files, read some megabytes at a time: it goes to its place without a copy
 * of it. The files must stay as long as it is read. One thread may use it.
 */
public final class StoredVector implements VectorSource {
    private static final int PIECE = 1 << 22;

    private final PolicyConfig config;
    private final TreeMap<Long, Tensor> byOffset = new TreeMap<>();
    private final ByteBuffer piece;

    /** A stored tensor, and where its numbers belong. */
    private record Tensor(StoredTensor stored, TensorRange range) {}

    /** {@code stored} has what {@code wanted} names, in the same shapes. */
    StoredVector(PolicyConfig config, Map<String, StoredTensor> stored, Map<String, TensorRange> wanted) {
        this.config = config;
        wanted.forEach((name, range) -> byOffset.put(range.offset(), new Tensor(inNumbers(stored.get(name)), range)));
        piece = ByteBuffer.allocateDirect((int) Math.min(PIECE, bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static StoredTensor inNumbers(StoredTensor tensor) {
        if (tensor.encoding().blockLength() == 1) return tensor;
        throw new BadInputException(tensor.what() + ": is in blocks, expected are numbers of a checkpoint");
    }

    @Override
    public PolicyConfig config() {
        return config;
    }

    @Override
    public List<TensorRange> tensors() {
        return config.tensors();
    }

    @Override
    public List<VectorRange> held() {
        return List.of(new VectorRange(0, config.parameters()));
    }

    @Override
    public ByteBuffer part(long byteOffset, long most) {
        long at = byteOffset / Float.BYTES;
        Tensor tensor = byOffset.floorEntry(at).getValue();
        long left = (tensor.range.offset() + tensor.range.length() - at) * Float.BYTES;
        piece.clear().limit((int) Math.min(piece.capacity(), Math.min(most, left)));
        try (TensorReader reader = new TensorReader(tensor.stored.file())) {
            reader.read(tensor.stored, at - tensor.range.offset(), piece);
        }
        return piece.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
