package io.tramontane.rewards;

/**
 * Decides whether a boxed answer is the reference answer (paper section 2.2.2). The seam for better verifiers: an
 * implementation is pure, safe for several threads, never throws on any prediction, is bounded in time and memory on
 * any input, and calls nothing correct that it cannot prove equal.
 */
public interface MathVerifier {
    /** Judges {@code prediction}, the content of the last box, against the problem's answer. */
    VerifierOutcome check(String reference, String prediction);
}
