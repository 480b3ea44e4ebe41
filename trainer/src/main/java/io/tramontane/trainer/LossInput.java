package io.tramontane.trainer;

import io.tramontane.trainer.loss.TokenBatch;

/**
 * A microbatch with all that its loss is told beside what the pass finds. M completion tokens.
 *
 * @param micro prompts, completions, behaviour log-probabilities, advantages
 * @param weights [M] shares in the minibatch's loss
 * @param proximalLogprobs [M] those of the behaviour where the objective does not ask for them; empty where the weights of the
 *     step's start are the ones that are being trained
 * @param referenceLogprobs [M], empty where the objective has no reference policy
 */
record LossInput(Microbatch micro, float[] weights, float[] proximalLogprobs, float[] referenceLogprobs) {
    /** How many tokens have a share in the loss. */
    int chosenTokens() {
        int count = 0;
        for (float weight : weights) if (weight != 0) count++;
        return count;
    }

    /** Asks the microbatch for its arrays once; the batches of one pass share them, and the factors. */
    TokenBatch with(float[] logprobs) {
        return new TokenBatch(
                logprobs,
                micro.behaviour(),
                proximalLogprobs.length == 0 ? logprobs : proximalLogprobs,
                referenceLogprobs,
                micro.advantagePerToken(),
                weights,
                new float[weights.length],
                micro.starts());
    }
}
