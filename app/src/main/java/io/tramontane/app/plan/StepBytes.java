package io.tramontane.app.plan;

/**
 * Bytes that travel between ranks in a step.
 *
 * @param weights from the trainer to all generators: float32, all of them
 * @param completions from generators to the driver and from there to the trainer: of each token its number, its
 *     log-probability and its version; prompts and texts are not counted
 * @param gradients between trainer ranks: a ring adds them up, once an optimizer step
 */
public record StepBytes(double weights, double completions, double gradients) {
    /** All of them. */
    public double total() {
        return weights + completions + gradients;
    }

    /** For a person. */
    public String text() {
        return Amount.bytes(total()) + ": weights " + Amount.bytes(weights) + ", completions "
                + Amount.bytes(completions) + (gradients > 0 ? ", gradients " + Amount.bytes(gradients) : "");
    }
}
