package io.tramontane.rollout;

/**
 * Log-probabilities of a completion's tokens in two distributions, for reports: training uses
 * {@link io.tramontane.data.Completion#behaviourLogprobs}, which is at the temperature but before the nucleus is cut.
 *
 * @param group id of the request
 * @param completion its number in the group, from 0
 * @param raw [T] natural logarithms at temperature 1, nothing cut: as the command {@code logprobs} prints them
 * @param processed [T] of the distribution that was sampled from, after temperature and top-p; 0 for greedy completions
 */
public record SampledLogprobs(long group, int completion, float[] raw, float[] processed) {}
