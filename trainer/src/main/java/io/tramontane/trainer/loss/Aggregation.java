package io.tramontane.trainer.loss;

import java.util.Locale;

/** How tokens and completions of a minibatch share its loss: the weight of a token. */
public enum Aggregation {
    /** That of the paper of the loss. */
    AUTO,
    /** 1 / tokens: every token of the minibatch counts the same, so long completions count more (DAPO). */
    TOKEN_MEAN,
    /** 1 / (completions length): every completion counts the same (GRPO). */
    SEQUENCE_MEAN,
    /** 1 / (completions L), L a constant: no bias to a length in either direction (Dr. GRPO). */
    CONSTANT_LENGTH;

    /**
     * What the tokens of a minibatch are counted against.
     *
     * @param tokens that were written, of all completions
     * @param completions with at least one such token
     * @param constantLength L
     */
    public record Size(long tokens, int completions, int constantLength) {}

    /** The weight of each token of a completion of so many. */
    public double weight(Size size, int length) {
        return switch (this) {
            case TOKEN_MEAN -> 1.0 / size.tokens();
            case SEQUENCE_MEAN -> 1.0 / ((double) size.completions() * length);
            case CONSTANT_LENGTH -> 1.0 / ((double) size.completions() * size.constantLength());
            case AUTO -> throw new IllegalStateException("a loss names its own aggregation first");
        };
    }

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
