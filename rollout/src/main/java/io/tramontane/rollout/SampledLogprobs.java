package io.tramontane.rollout;

/**
 * What a completion's tokens cost under two distributions, for people: training uses
 * {@link io.tramontane.data.Completion#behaviourLogprobs}, which is at the temperature but before the nucleus is cut.
 *
 * @param group id of the request
 * @param completion its number in the group, from 0
 * @param raw [T] natural logarithms at temperature 1, nothing cut: what the command {@code logprobs} says
 * @param processed [T] of the distribution that was sampled from, after temperature and top-p; 0 where the most likely token
 *     is taken anyway
 */
public record SampledLogprobs(long group, int completion, float[] raw, float[] processed) {}
