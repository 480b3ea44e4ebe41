package io.tramontane.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * What the machine gives in this process, at its number of threads.
 *
 * @param flops floating-point operations a second: the best float32 matrix product that the library reaches, of three sizes
 * @param bytes read from memory a second: the best of a sum and a matrix-vector product over half a gigabyte, which no cache
 *     holds; nothing is written
 */
record Rooflines(double flops, double bytes) {
    private static final int FLOATS = 1 << 27;
    private static final int SIDE = 1 << 13;

    static Rooflines measure(NDManager manager) {
        double flops = 0;
        for (int side : new int[] {1024, 1536, 2048}) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray left = scope.randomNormal(new Shape(side, side));
                NDArray right = scope.randomNormal(new Shape(side, side));
                double seconds = Stopwatch.best(() -> left.matMul(right).close());
                flops = Math.max(flops, 2 * Math.pow(side, 3) / seconds);
            }
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray large = scope.ones(new Shape(FLOATS / SIDE, SIDE), DataType.FLOAT32);
            NDArray vector = scope.ones(new Shape(SIDE), DataType.FLOAT32);
            double seconds =
                    Math.min(Stopwatch.best(() -> large.sum().close()), Stopwatch.best(() -> large.matMul(vector)
                            .close()));
            return new Rooflines(flops, 4.0 * FLOATS / seconds);
        }
    }

    /** Seconds that work takes at least: whichever of the two limits is the slower one. */
    double seconds(double work, double read) {
        return Math.max(work / flops, read / bytes);
    }
}
