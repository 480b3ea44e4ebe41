package io.tramontane.rollout;

import io.tramontane.model.DecodeRequest;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.DecodingWeights;
import io.tramontane.model.PromptCache;
import java.util.Arrays;
import java.util.List;

/** Log-probabilities of given tokens by the decoding path. Native memory: a cache for one sequence, until {@link #close()}. */
final class TokenScorer implements AutoCloseable {
    private final DecodingWeights weights;
    private final int prefillTokens;
    private final double temperature;
    private DecodingSession session;

    /** With the weights that are in use when it is asked. */
    TokenScorer(DecodingWeights weights, int prefillTokens, double temperature) {
        this.weights = weights;
        this.prefillTokens = prefillTokens;
        this.temperature = temperature;
    }

    /** Those of {@code tokens[from..]}, one token after the other over a cache. */
    float[] score(int[] tokens, int from) {
        int count = tokens.length - from;
        if (session == null || session.positions() < tokens.length) {
            if (session != null) session.close();
            int positions = Math.min(weights.config().positions(), 2 * tokens.length);
            session = DecodingSession.scoring(weights, positions, temperature);
        }
        if (from > 1) {
            try (PromptCache prompt = session.prompt(Arrays.copyOf(tokens, from - 1))) {
                while (prompt.missing() > 0) session.prefill(List.of(prompt), prefillTokens);
                session.fill(prompt, 0);
            }
        }
        long[] forced =
                Arrays.stream(tokens, from, tokens.length).asLongStream().toArray();
        DecodeRequest request = new DecodeRequest(
                new long[] {tokens[from - 1]}, new long[] {from - 1}, new float[count], new boolean[] {true}, forced);
        return session.decode(request, false).logprobs();
    }

    @Override
    public void close() {
        if (session != null) session.close();
    }
}
