package io.tramontane.app.analysis;

import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;

/**
 * Distances and combinations of vectors of theta's length. Theirs are float32 in plain memory; sums are float64. They are read
 * in blocks, and no more of them are in memory at a time than a method says.
 */
public final class WeightVectors {
    private static final int BLOCK = 1 << 20;

    private WeightVectors() {}

    /**
     * {@code |w_i - w_j|^2} of all pairs; two vectors are in memory.
     *
     * @param load reads vector i
     * @param pairDone is told after every pair
     */
    public static double[][] squaredDistances(int count, IntFunction<WeightSnapshot> load, Runnable pairDone) {
        double[][] squares = new double[count][count];
        for (int i = 0; i + 1 < count; i++) {
            WeightSnapshot one = load.apply(i);
            for (int j = i + 1; j < count; j++) {
                squares[i][j] = squares[j][i] = squaredDistance(one, load.apply(j));
                pairDone.run();
            }
        }
        return squares;
    }

    static double squaredDistance(WeightSnapshot one, WeightSnapshot other) {
        ByteBuffer a = block();
        ByteBuffer b = block();
        double sum = 0;
        for (long at = 0; at < one.bytes(); at += BLOCK) {
            FloatBuffer left = floats(one, at, a);
            FloatBuffer right = floats(other, at, b);
            for (int i = 0; i < left.limit(); i++) {
                double difference = (double) left.get(i) - right.get(i);
                sum += difference * difference;
            }
        }
        return sum;
    }

    /**
     * The unit-norm directions of the first {@code count} components; these, the last vector and one more are in memory.
     * Their weights have the sum 0, so that the differences to the last vector give the same.
     *
     * @param load reads vector i
     */
    public static WeightSnapshot[] directions(
            PrincipalComponents components, int count, WeightSnapshot last, IntFunction<WeightSnapshot> load) {
        WeightSnapshot[] directions = new WeightSnapshot[count];
        for (int k = 0; k < count; k++) directions[k] = new WeightSnapshot(last.config(), last.version());
        int vectors = components.coordinates()[0].length;
        for (int i = 0; i < vectors - 1; i++) {
            WeightSnapshot one = load.apply(i);
            for (int k = 0; k < count; k++) {
                double weight = components.weights()[k][i];
                add(directions[k], weight, one);
                add(directions[k], -weight, last);
            }
        }
        return directions;
    }

    /** {@code start + sum over k of distances[k] * directions[k]}, in new memory. */
    public static WeightSnapshot moved(WeightSnapshot start, WeightSnapshot[] directions, double... distances) {
        WeightSnapshot sum = new WeightSnapshot(start.config(), start.version());
        add(sum, 1, start);
        for (int k = 0; k < distances.length; k++) add(sum, distances[k], directions[k]);
        return sum;
    }

    private static void add(WeightSnapshot sum, double factor, WeightSnapshot vector) {
        ByteBuffer a = block();
        ByteBuffer b = block();
        for (long at = 0; at < sum.bytes(); at += BLOCK) {
            FloatBuffer into = floats(sum, at, a);
            FloatBuffer from = floats(vector, at, b);
            for (int i = 0; i < into.limit(); i++) into.put(i, (float) (into.get(i) + factor * from.get(i)));
            sum.write(at, a);
        }
    }

    private static ByteBuffer block() {
        return ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fills the block and leaves it ready to be read. */
    private static FloatBuffer floats(WeightSnapshot vector, long at, ByteBuffer block) {
        block.clear().limit((int) Math.min(BLOCK, vector.bytes() - at));
        vector.read(at, block);
        block.flip();
        return block.asFloatBuffer();
    }
}
