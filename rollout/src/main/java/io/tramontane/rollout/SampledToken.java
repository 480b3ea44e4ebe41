package io.tramontane.rollout;

import java.util.List;

/**
 * One token as it was sampled.
 *
 * @param id of the token
 * @param logprob its natural log-probability at temperature 1, nothing cut; NaN unless the request asks for log-probabilities
 * @param top the most likely tokens in its place, at temperature 1, the likeliest first; empty unless asked for
 */
public record SampledToken(int id, float logprob, List<TopLogprob> top) {
    /** A token that could have been chosen, with its natural log-probability at temperature 1. */
    public record TopLogprob(int id, float logprob) {}
}
