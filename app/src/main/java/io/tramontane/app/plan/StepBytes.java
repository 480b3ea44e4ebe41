package io.tramontane.app.plan;

/**
 * Bytes that travel between ranks in a step.
 *
 * @param weights from the trainers to all generators: float32, all of them
 * @param completions from generators to the driver and from there to the first trainer: of each token its number, its
 *     log-probability and its version; prompts and texts are not counted
 * @param rank what one trainer rank sends to the others
 * @param trainers how many do
 */
public record StepBytes(double weights, double completions, RankBytes rank, int trainers) {
    /** Between trainer ranks: batches, which the first one gives to the others, are not counted. */
    public double exchanged() {
        return trainers * rank.total();
    }

    /** All of them. */
    public double total() {
        return weights + completions + exchanged();
    }

    /** For a person. */
    public String text() {
        String between = exchanged() > 0
                ? ", between trainers " + Amount.bytes(exchanged()) + " (each sends " + rank.text() + ")"
                : "";
        return Amount.bytes(total()) + ": weights " + Amount.bytes(weights) + ", completions "
                + Amount.bytes(completions) + between;
    }
}
