/**
 * Losses in plain Java: from log-probabilities and advantages to {@code slope[m] = d loss / d logprobs[m]}, one file per
 * algorithm. Comes in: a {@link io.tramontane.trainer.loss.TokenBatch}. Goes out: slopes, and what was measured on the way.
 * Read {@link io.tramontane.trainer.loss.PolicyLoss} first.
 */
package io.tramontane.trainer.loss;
