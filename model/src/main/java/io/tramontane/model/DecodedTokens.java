package io.tramontane.model;

/**
 * What one decoding call decided. Matrices are row by row.
 *
 * @param rows R, slots
 * @param tokens [steps, R]
 * @param logprobs [steps, R] natural logarithms at the temperature, before the nucleus is cut
 * @param details [steps, 2, R] log-probabilities at temperature 1, and of the distribution that was sampled from; empty
 *     unless asked for
 */
public record DecodedTokens(int rows, long[] tokens, float[] logprobs, float[] details) {
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
}
