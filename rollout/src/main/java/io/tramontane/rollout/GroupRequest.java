package io.tramontane.rollout;

import io.tramontane.data.Problem;

/**
 * A request for completions of one prompt.
 *
 * @param id the ledger's number; also keys the random numbers
 * @param problem is passed on to the finished group
 * @param promptTokens [P] at least one token
 * @param openingTokens forced start of every completion (evaluation only), usually empty; these tokens get
 *     log-probability 0 and are never trained on
 * @param samples number of completions
 * @param greedy take the most likely token instead of sampling
 * @param maxTokens longest completion, in tokens; 0 is as long as the generator's config allows
 */
public record GroupRequest(
        long id, Problem problem, int[] promptTokens, int[] openingTokens, int samples, boolean greedy, int maxTokens) {
    /** As long as the generator's config allows. */
    public GroupRequest(
            long id, Problem problem, int[] promptTokens, int[] openingTokens, int samples, boolean greedy) {
        this(id, problem, promptTokens, openingTokens, samples, greedy, 0);
    }

    /** Checks that there is something to do. */
    public GroupRequest {
        if (promptTokens.length == 0) throw new IllegalArgumentException("group " + id + ": prompt has no tokens");
        if (samples < 1) throw new IllegalArgumentException("group " + id + ": samples " + samples + ", allowed >= 1");
        if (maxTokens < 0)
            throw new IllegalArgumentException("group " + id + ": maxTokens " + maxTokens + ", allowed >= 0");
    }

    /** Tokens that its completions may have in a generator that is laid out for so many. */
    int longest(int most) {
        return maxTokens == 0 ? most : Math.min(maxTokens, most);
    }

    /** Tokens that stand before the first sampled one. */
    int[] context() {
        int[] all = java.util.Arrays.copyOf(promptTokens, promptTokens.length + openingTokens.length);
        System.arraycopy(openingTokens, 0, all, promptTokens.length, openingTokens.length);
        return all;
    }
}
