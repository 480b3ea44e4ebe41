package io.tramontane.app.bench;

import io.tramontane.model.ComputeThread;
import io.tramontane.model.ProductLibrary;
import io.tramontane.model.TrainingProducts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Rates of the products of a training pass in float32 on this CPU, by each library, and whether the library and the number of threads
 * are the faster ones. Ways take turns, and the best time of each counts: a neighbour disturbs all of them.
 */
final class ProductBench {
    /** One of SmolLM2-135M's blocks. */
    private static final int ROWS = 512;

    private static final int IN = 576;
    private static final int OUT = 3072;
    private static final double FLOP = 3 * 2.0 * ROWS * IN * OUT;
    private static final int TURNS = 6;

    /** A way that is so much faster is worth a word. */
    private static final double CLEARLY = 1.3;

    private ProductBench() {}

    /**
     * Measures with the threads that the calling thread has, and with one.
     *
     * @return what should be changed, a line each
     */
    static List<String> run(int threads, Consumer<Figure> listener) {
        Map<ProductLibrary, Double> one = rates(1);
        Map<ProductLibrary, Double> rates = threads == 1 ? one : rates(threads);
        rates.forEach((library, rate) ->
                listener.accept(new Figure("training products, " + library, rate * 1e-9, "GFLOP/s")));
        List<String> advice = new ArrayList<>();
        ProductLibrary taken = ProductLibrary.ofMachine();
        slowLibrary(taken, rates).ifPresent(advice::add);
        slowThreads(threads, one.get(taken), rates.get(taken)).ifPresent(advice::add);
        return advice;
    }

    private static Map<ProductLibrary, Double> rates(int threads) {
        ComputeThread.prepare(threads);
        Map<ProductLibrary, Double> rates = new EnumMap<>(ProductLibrary.class);
        try (TrainingProducts mkl = new TrainingProducts(ProductLibrary.MKL, ROWS, IN, OUT);
                TrainingProducts oneDnn = new TrainingProducts(ProductLibrary.ONEDNN, ROWS, IN, OUT)) {
            mkl.all();
            oneDnn.all();
            for (int turn = 0; turn < TURNS; turn++) {
                rates.merge(ProductLibrary.MKL, FLOP / Stopwatch.seconds(mkl::all), Math::max);
                rates.merge(ProductLibrary.ONEDNN, FLOP / Stopwatch.seconds(oneDnn::all), Math::max);
            }
        }
        return rates;
    }

    /** What to say where another library than the one taken is clearly faster. */
    static Optional<String> slowLibrary(ProductLibrary taken, Map<ProductLibrary, Double> rates) {
        return rates.entrySet().stream()
                .filter(other -> other.getValue() > CLEARLY * rates.get(taken))
                .findAny()
                .map(other -> "float32 products are made by " + taken + "; " + other.getKey()
                        + " is clearly faster here: " + ProductLibrary.VARIABLE + "=" + other.getKey());
    }

    /** What to say where several threads are slower than one. */
    static Optional<String> slowThreads(int threads, double one, double several) {
        if (threads == 1 || several >= one) return Optional.empty();
        return Optional.of(
                "products on " + threads + " threads are slower than on one: other programs use the cores, or there are"
                        + " fewer of them; try --threads 1, in a run cluster.threads=1");
    }
}
