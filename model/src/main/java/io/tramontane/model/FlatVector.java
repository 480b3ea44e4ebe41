package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.ranks.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A long vector of numbers on the policy's device: theta, its gradient, a moment. It lives as long as the policy. */
public final class FlatVector {
    /** Bytes that are copied at a time: DJL makes one more copy of each part, on the way out on the Java heap. */
    static final long PIECE = 1 << 24;

    private final Policy policy;
    private final NDArray values;

    FlatVector(Policy policy, NDArray values) {
        this.policy = policy;
        this.values = values;
    }

    NDArray values() {
        return values;
    }

    /** A view, to be closed by the caller. */
    NDArray view(VectorRange range, NDManager scope) {
        NDArray view = values.get(new NDIndex().addSliceDim(range.offset(), range.end()));
        view.attach(scope);
        return view;
    }

    /** How many numbers. */
    public long length() {
        return values.size();
    }

    /** Adds another vector, number by number. */
    public void add(FlatVector other) {
        values.addi(other.values);
    }

    /** Makes all numbers 0. */
    public void clear() {
        Policy.free(policy.run("clear", Policy.tensor(values)));
    }

    /** A copy of a piece. */
    public float[] read(VectorRange range) {
        try (NDManager scope = policy.manager().newSubManager()) {
            IValue copy = policy.run(
                    "slice", Policy.tensor(values), IValue.from(range.offset()), IValue.from(range.length()));
            return Policy.take(copy, scope).toFloatArray();
        }
    }

    /** Copies a range of it into a snapshot, from number {@code offset} on. */
    void copyTo(WeightSnapshot into, VectorRange range, long offset) {
        pieces(range, (at, bytes) -> into.write((offset + at) * Float.BYTES, bytes));
    }

    /** All of it goes into a digest. */
    void feed(WeightDigest digest) {
        pieces(new VectorRange(0, length()), (at, bytes) -> digest.update(bytes));
    }

    private interface Piece {
        /** Numbers of a range from its number {@code at} on, little-endian float32. */
        void take(long at, ByteBuffer bytes);
    }

    /** A range of at most {@link #PIECE} bytes, little-endian float32; to be read before anything changes it. */
    ByteBuffer bytes(VectorRange range) {
        ByteBuffer[] found = new ByteBuffer[1];
        pieces(range, (at, bytes) -> found[0] = bytes);
        return found[0].order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where they lie, if that is the CPU's memory and they are float32; otherwise copies. */
    private void pieces(VectorRange range, Piece taker) {
        boolean here = !policy.onGpu() && values.getDataType() == DataType.FLOAT32;
        long address = here ? NativeMemory.address(values) + range.offset() * Float.BYTES : 0;
        long most = PIECE / Float.BYTES;
        for (long at = 0; at < range.length(); at += most) {
            long count = Math.min(most, range.length() - at);
            if (here) taker.take(at, NativeMemory.bytes(address + at * Float.BYTES, count * Float.BYTES));
            else
                try (NDManager scope = policy.manager().newSubManager()) {
                    IValue cut = policy.run(
                            "slice", Policy.tensor(values), IValue.from(range.offset() + at), IValue.from(count));
                    taker.take(at, Policy.take(cut, scope).toByteBuffer());
                }
        }
    }

    /** Replaces a piece. */
    public void write(long offset, float[] numbers) {
        try (NDManager scope = policy.manager().newSubManager()) {
            NDArray chunk = scope.create(FloatBuffer.wrap(numbers), new Shape(numbers.length), DataType.FLOAT32);
            Policy.free(policy.run("load", Policy.tensor(values), Policy.tensor(chunk), IValue.from(offset)));
        }
    }

    /** Root of the sum of squares. */
    public double norm() {
        return Math.sqrt(squares());
    }

    /** Sum of squares: added in float64, since one running total in float32 stops growing. */
    double squares() {
        return squares(values);
    }

    /** That of a range. */
    double squares(VectorRange range) {
        try (NDManager scope = policy.manager().newSubManager()) {
            return squares(view(range, scope));
        }
    }

    private double squares(NDArray numbers) {
        try (NDManager scope = policy.manager().newSubManager()) {
            return Policy.take(policy.run("squares", Policy.tensor(numbers)), scope)
                    .getDouble();
        }
    }
}
