package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelBenchTest {
    private static final Path MODELS = Path.of("../model/src/test/resources/models");

    @Test
    void everyFigureIsPositiveAndNamed() {
        List<Figure> found = new ArrayList<>();
        new ModelBench(Checkpoint.read(MODELS.resolve("llama2"), 0), found::add).run(true);
        assertEquals(
                List.of(
                        "GEMM peak",
                        "GEMM, bfloat16",
                        "memory, read",
                        "train, 8 completions of 64",
                        "decode, 1 sequences",
                        "decode, 2 sequences",
                        "decode, 3 sequences",
                        "decode, 8 sequences",
                        "decode, 32 sequences",
                        "swap",
                        "prefill, 512 tokens",
                        "queued, one length",
                        "queued, long-tailed"),
                found.stream().map(Figure::name).toList());
        for (Figure figure : found) // a swap of so small a model is lost in the noise
        assertTrue(figure.value() > 0 || figure.name().equals("swap"), figure.text());
    }

    @Test
    void memoryIsMeasuredForBothWaysToKeepActivations() {
        List<Figure> found = new ArrayList<>();
        new MemoryBench(Checkpoint.read(MODELS.resolve("llama2"), 0), MemoryBench.Sequences.defaults(), found::add)
                .run();
        assertEquals(
                List.of(
                        "blocks, whole process",
                        "blocks, time",
                        "all, whole process",
                        "all, time",
                        "blocks, activations"),
                found.stream().map(Figure::name).toList());
        assertTrue(found.get(0).value() > 0.01 && found.get(2).value() > 0.01, found.toString());
    }

    @Test
    void moreSequencesThatMakeFewerTokensAreTold() {
        NavigableMap<Integer, Double> rates = new TreeMap<>(Map.of(1, 34.0, 2, 33.0, 3, 134.0, 8, 266.0));
        assertEquals(
                List.of("slower with more: 2 sequences decode 33.0 tokens/s in all, 1 decode 34.0"),
                Cliffs.of(rates, "sequences"));
        assertEquals(
                List.of("slower with more: 2 threads with one sequence decode 2.5 tokens/s in all, 1 decode 35.0"),
                Cliffs.of(new TreeMap<>(Map.of(1, 35.0, 2, 2.5)), "threads with one sequence"));
        rates.remove(2);
        assertEquals(List.of(), Cliffs.of(rates, "sequences"));
    }

    @Test
    void aFigureSaysItsShare() {
        assertEquals("swap: 0.123 s, 2 % of the time", new Figure("swap", 0.1234, "s", 0.02, "the time").text());
        assertEquals("read: 9.6 GB/s", new Figure("read", 9.55, "GB/s").text());
    }

    @Test
    void theSlowerOfTheTwoRooflinesCounts() {
        Rooflines machine = new Rooflines(100, 10);
        assertEquals(2, machine.seconds(200, 10)); // 200 FLOP take 2 s, 10 bytes 1 s
        assertEquals(3, machine.seconds(200, 30));
    }

    @Test
    void longTailedLengthsHaveTheirMeanAndATail() {
        int[] lengths = ContinuousBatchingBench.lengths(80, 384, new Random(1));
        Arrays.sort(lengths);
        assertEquals(64, Arrays.stream(lengths).average().orElseThrow(), 3);
        assertTrue(lengths[40] < 48, "median " + lengths[40]); // of a log-normal with sigma 1: 64 exp(-1/2) = 38.8
        assertTrue(lengths[79] > 192, "longest " + lengths[79]);
        assertArrayEquals(
                ContinuousBatchingBench.lengths(3, 384, new Random(1)),
                ContinuousBatchingBench.lengths(3, 384, new Random(1)));
    }
}
