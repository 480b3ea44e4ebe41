package io.tramontane.app.plan;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.Variant.Experts;

/**
 * FLOP and bytes that are read for tokens of a policy. Windows are ignored: every query counts as seeing all before it.
 *
 * @param shape of the policy
 */
public record TokenWork(PolicyConfig shape) {
    /** FLOP of a token's forward pass without the head: 2 for each parameter that multiplies it. */
    public double body() {
        double outside = shape.tiedHead() ? embedding() : 2 * embedding();
        return 2 * (shape.parameters() - outside - unvisited(1));
    }

    /** FLOP of the head for a token. */
    public double head() {
        return 2 * embedding();
    }

    /** FLOP of attention for so many pairs of a query and a key in each layer; of a token, the positions that it sees. */
    public double attention(double pairs) {
        return 4.0 * shape.layers() * shape.heads() * shape.headSize() * pairs;
    }

    /**
     * Bytes of weights that a step for {@code tokens} tokens reads: without an untied embedding and unvisited experts; the
     * head is float32 always.
     */
    public double read(long tokens, int bytesOfANumber) {
        double outside = shape.tiedHead() ? embedding() : 2 * embedding();
        return bytesOfANumber * (shape.parameters() - outside - unvisited(tokens)) + Float.BYTES * embedding();
    }

    private double embedding() {
        return (double) shape.vocabulary() * shape.width();
    }

    /** Parameters of the experts that no token visits, if no two tokens visit the same expert. */
    private double unvisited(long tokens) {
        Experts experts = shape.variant().experts();
        long idle = Math.max(0, experts.count() - tokens * experts.active());
        return 3.0 * idle * shape.layers() * shape.hidden() * shape.width();
    }
}
