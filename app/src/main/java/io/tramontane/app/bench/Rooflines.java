package io.tramontane.app.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tramontane.model.Dtype;
import io.tramontane.model.Policy;
import io.tramontane.model.ProductLibrary;
import io.tramontane.model.SquareProduct;
import io.tramontane.model.TrainingProducts;
import java.util.function.ToDoubleFunction;

/**
 * The limits of the machine in this process, at its number of threads.
 *
 * @param flops floating-point operations a second: the best matrix product that any library reaches, of some sizes
 * @param bytes read from memory a second: the best of a sum and a matrix-vector product over half a gigabyte, on a GPU over two,
 *     which no cache holds; nothing is written
 *
 * <p>A GPU is asked for one number of each result, since its calls return before they are done.
 */
record Rooflines(double flops, double bytes) {
    private static final int CPU_FLOATS = 1 << 27;
    private static final int GPU_FLOATS = 1 << 29;
    private static final int SIDE = 1 << 13;

    /** With products of numbers of a type; on a CPU in float32 by whichever library is faster. */
    static Rooflines measure(Policy policy, Dtype dtype) {
        double flops = 0;
        boolean gpu = policy.manager().getDevice().isGpu();
        for (int side : gpu ? new int[] {4096, 8192} : new int[] {1024, 1536, 2048})
            flops = Math.max(flops, 2 * Math.pow(side, 3) / seconds(policy, dtype, side));
        return new Rooflines(flops, memory(policy.manager(), Stopwatch::best));
    }

    private static double seconds(Policy policy, Dtype dtype, int side) {
        if (policy.manager().getDevice().isGpu() || dtype == Dtype.BFLOAT16)
            try (SquareProduct product = new SquareProduct(policy, dtype, side)) {
                return Stopwatch.best(product::run);
            }
        double best = Double.MAX_VALUE;
        for (ProductLibrary library : ProductLibrary.values())
            try (TrainingProducts products = new TrainingProducts(library, side, side, side)) {
                best = Math.min(best, Stopwatch.best(products::forward));
            }
        return best;
    }

    /** Bytes read from memory a second, by a watch that repeats work and tells its seconds. */
    static double memory(NDManager manager, ToDoubleFunction<Runnable> watch) {
        int floats = manager.getDevice().isGpu() ? GPU_FLOATS : CPU_FLOATS;
        try (NDManager scope = manager.newSubManager()) {
            NDArray large = scope.ones(new Shape(floats / SIDE, SIDE), DataType.FLOAT32);
            NDArray vector = scope.ones(new Shape(SIDE), DataType.FLOAT32);
            double sum = watch.applyAsDouble(() -> done(large.sum()));
            double product = watch.applyAsDouble(() -> done(large.matMul(vector), 0));
            return 4.0 * floats / Math.min(sum, product);
        }
    }

    private static void done(NDArray result, long... first) {
        try (result) {
            result.getFloat(first);
        }
    }

    /** Seconds that work takes at least: whichever of the two limits is the slower one. */
    double seconds(double work, double read) {
        return Math.max(work / flops, read / bytes);
    }
}
