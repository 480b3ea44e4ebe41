package io.tramontane.app.bench;

import static io.tramontane.model.ProductLibrary.MKL;
import static io.tramontane.model.ProductLibrary.ONEDNN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.ComputeThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProductBenchTest {
    @Test
    void bothLibrariesAreMeasured() {
        List<Figure> found = new ArrayList<>();
        ProductBench.run(1, found::add);
        assertEquals(
                List.of("training products, mkl", "training products, onednn"),
                found.stream().map(Figure::name).toList());
        for (Figure figure : found) assertTrue(figure.value() > 0, figure.text());
        ComputeThread.prepare();
    }

    @Test
    void aClearlyFasterLibraryIsNamed() {
        assertEquals(
                Optional.of(
                        "float32 products are made by mkl; onednn is clearly faster here: TRAMONTANE_PRODUCTS=onednn"),
                ProductBench.slowLibrary(MKL, Map.of(MKL, 100.0, ONEDNN, 131.0)));
        assertEquals(Optional.empty(), ProductBench.slowLibrary(MKL, Map.of(MKL, 100.0, ONEDNN, 129.0)));
        assertEquals(Optional.empty(), ProductBench.slowLibrary(ONEDNN, Map.of(MKL, 100.0, ONEDNN, 129.0)));
    }

    @Test
    void threadsThatCostMoreThanTheyGiveAreNamed() {
        assertTrue(ProductBench.slowThreads(2, 100, 99).orElseThrow().startsWith("products on 2 threads are slower"));
        assertEquals(Optional.empty(), ProductBench.slowThreads(2, 100, 101));
        assertEquals(Optional.empty(), ProductBench.slowThreads(1, 100, 99));
    }
}
