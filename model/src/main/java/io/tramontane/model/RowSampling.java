package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/**
 * How the rows of one decoding call are sampled, as the program takes it.
 *
 * @param rows one for all, or one each
 * @param count R
 * @param allowed [R], or empty
 * @param vocabulary V
 */
record RowSampling(List<SamplingParameters> rows, int count, List<BitSet> allowed, int vocabulary) {
    static RowSampling of(DecodeRequest request, SamplingParameters otherwise, int vocabulary) {
        List<SamplingParameters> rows = request.sampling().isEmpty() ? List.of(otherwise) : request.sampling();
        return new RowSampling(rows, request.rows(), request.allowed(), vocabulary);
    }

    private SamplingParameters row(int r) {
        return rows.get(rows.size() == 1 ? 0 : r);
    }

    /** One for all rows where they have the same, else R. Plain numbers: a tensor costs a small model more. */
    IValue temperatures() {
        double[] all = new double[rows.size()];
        for (int r = 0; r < all.length; r++) all[r] = rows.get(r).temperature();
        return IValue.listFrom(all);
    }

    /** No tensor where nothing is cut and everything allowed, else both. */
    IValue more(NDManager scope) {
        boolean plain = allowed.isEmpty() && rows.stream().noneMatch(SamplingParameters::cuts);
        return Policy.tensors(plain ? List.of() : List.of(cuts(scope), allowed(scope)));
    }

    /** [3, R, 1], or [0] where nothing is cut. */
    private NDArray cuts(NDManager scope) {
        if (rows.stream().noneMatch(SamplingParameters::cuts)) return scope.create(new Shape(0), DataType.FLOAT32);
        float[] cuts = new float[3 * count];
        for (int r = 0; r < count; r++) {
            int topK = row(r).topK();
            cuts[r] = topK == 0 ? vocabulary : Math.min(topK, vocabulary);
            cuts[count + r] = (float) row(r).topP();
            cuts[2 * count + r] = (float) row(r).minP();
        }
        return Policy.floats(scope, cuts, 3, count, 1);
    }

    /** [R, V], or [0] where everything is allowed. */
    private NDArray allowed(NDManager scope) {
        if (allowed.isEmpty()) return scope.create(new Shape(0), DataType.BOOLEAN);
        ByteBuffer flags = ByteBuffer.allocateDirect(Math.multiplyExact(count, vocabulary));
        for (int r = 0; r < count; r++) {
            BitSet row = allowed.get(r);
            int start = r * vocabulary;
            if (row == null) for (int id = 0; id < vocabulary; id++) flags.put(start + id, (byte) 1);
            else
                for (int id = row.nextSetBit(0); id >= 0 && id < vocabulary; id = row.nextSetBit(id + 1))
                    flags.put(start + id, (byte) 1);
        }
        return scope.create(flags, new Shape(count, vocabulary), DataType.BOOLEAN);
    }
}
