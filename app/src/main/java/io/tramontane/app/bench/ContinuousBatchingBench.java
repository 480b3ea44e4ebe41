package io.tramontane.app.bench;

import io.tramontane.model.Dtype;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.CompletionRequest;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.rollout.Stop;
import java.util.Arrays;
import java.util.Random;

/**
 * Continuous batching: tokens a second with more prompts than slots, once with completions of one length and once with
 * long-tailed lengths (log-normal, sigma 1, cut at six times the mean) of the same sum.
 */
final class ContinuousBatchingBench {
    static final int SLOTS = 16;
    static final int QUEUED = 64;
    private static final int PROMPT = 32;
    private static final int MEAN = 64;

    private final WeightSnapshot weights;
    private final int longest;

    ContinuousBatchingBench(WeightSnapshot weights) {
        this.weights = weights;
        this.longest = Math.min(6 * MEAN, weights.config().positions() - PROMPT);
    }

    double fixed() {
        int[] lengths = new int[SLOTS + QUEUED];
        Arrays.fill(lengths, MEAN);
        return rate(lengths);
    }

    double longTailed() {
        return rate(lengths(SLOTS + QUEUED, longest, new Random(1)));
    }

    /** {@code count} lengths with the mean {@link #MEAN}, but for rounding and the cut. */
    static int[] lengths(int count, int longest, Random random) {
        double[] sampled = random.doubles(count).toArray();
        for (int i = 0; i < count; i++) sampled[i] = Math.exp(random.nextGaussian());
        double mean = Arrays.stream(sampled).average().orElseThrow();
        return Arrays.stream(sampled)
                .mapToInt(length -> (int) Math.max(1, Math.min(longest, Math.round(length / mean * MEAN))))
                .toArray();
    }

    /** Sampled tokens a second, prompts included in the time, until nothing waits any more. */
    private double rate(int[] lengths) {
        RolloutConfig config =
                new RolloutConfig(2, SLOTS, ModelBench.STEPS, PROMPT, longest, 1.0, 1.0).withDtype(Dtype.FLOAT32);
        Stop stop = new Stop(token -> false, request -> lengths[(int) request.id()]);
        Random random = new Random(2);
        int vocabulary = weights.config().vocabulary();
        try (Generator generator = new Generator(weights, new NoText(vocabulary), config, 1, stop)) {
            for (int id = 0; id < lengths.length; id++) {
                int[] prompt = random.ints(PROMPT, 0, vocabulary).toArray();
                generator.submit(CompletionRequest.of(id, prompt).build());
            }
            double seconds = Stopwatch.seconds(() -> {
                while (generator.freeSlots() <= 0) generator.step();
            });
            return generator.sampled() / seconds;
        }
    }

    /** The text is not needed. */
    record NoText(int vocabularySize) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return new int[0];
        }

        @Override
        public String decode(int[] tokens) {
            return "";
        }

        @Override
        public int endOfText() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
