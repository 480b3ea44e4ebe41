package io.tramontane.model;

/**
 * What one decoding call decided. Matrices are row by row.
 *
 * @param rows R, slots
 * @param tokens [steps, R]
 * @param logprobs [steps, R] natural logarithms at the temperature, before anything is cut
 * @param details [steps, 2, R] log-probabilities at temperature 1, and of the distribution that was sampled from; empty
 *     unless asked for
 * @param bestTokens [steps, R, K] the most likely tokens at temperature 1, the first one first; empty unless asked for
 * @param bestLogprobs [steps, R, K] their log-probabilities at temperature 1
 */
public record DecodedTokens(
        int rows, long[] tokens, float[] logprobs, float[] details, long[] bestTokens, float[] bestLogprobs) {
    /** Nothing was asked for but the tokens. */
    public DecodedTokens(int rows, long[] tokens, float[] logprobs, float[] details) {
        this(rows, tokens, logprobs, details, new long[0], new float[0]);
    }

    /** Tokens per slot. */
    public int steps() {
        return tokens.length / rows;
    }

    /** A slot's token of a step. */
    public int token(int step, int slot) {
        return (int) tokens[step * rows + slot];
    }

    /** Its log-probability at the temperature. */
    public float logprob(int step, int slot) {
        return logprobs[step * rows + slot];
    }

    /** Its log-probability at temperature 1, nothing cut. */
    public float rawLogprob(int step, int slot) {
        return details[2 * step * rows + slot];
    }

    /** Its log-probability in the distribution that was sampled from. */
    public float processedLogprob(int step, int slot) {
        return details[(2 * step + 1) * rows + slot];
    }

    /** K, how many of the best tokens there are for each step of a slot. */
    public int best() {
        return bestTokens.length / tokens.length;
    }

    /** The token of a rank, from 0. */
    public int bestToken(int step, int slot, int rank) {
        return (int) bestTokens[(step * rows + slot) * best() + rank];
    }

    /** Its log-probability at temperature 1. */
    public float bestLogprob(int step, int slot, int rank) {
        return bestLogprobs[(step * rows + slot) * best() + rank];
    }
}
