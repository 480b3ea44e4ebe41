package io.tramontane.cluster.evaluation;

import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The votes of one problem's samples. All right answers are one class, wrong ones that are counted under the same spelling are
 * another each, and what has no answer does not vote. {@link #at} is exact for every k:
 * <pre>
 *   maj@k = sum over r, t of  P(r right votes, no wrong class has more than r, t of them have r) / (1 + t)
 * </pre>
 * over all subsets of k samples. A subset of size k has the same distribution as independent coins with chance p = k/n per
 * sample, given that k of them show heads; so the classes are independent, and the sum is a convolution over classes divided
 * by P(k heads). No number grows large, whatever n is.
 *
 * @param right votes of the right answer
 * @param wrong votes of each wrong answer
 * @param silent samples without an answer
 */
record Majority(int right, int[] wrong, int silent) {
    /** By the {@link EvaluatedProblem#spellings} of the wrong answers. */
    static Majority of(List<RewardBreakdown> samples, Map<String, String> spellings) {
        Map<String, Integer> wrong = new HashMap<>();
        int right = 0;
        int silent = 0;
        for (RewardBreakdown sample : samples) {
            if (sample.verdict() == Verdict.CORRECT) right++;
            else if (sample.extracted().isBlank()) silent++;
            else
                wrong.merge(
                        spellings.getOrDefault(
                                sample.extracted(), sample.extracted().strip()),
                        1,
                        Integer::sum);
        }
        return new Majority(
                right,
                wrong.values().stream().mapToInt(Integer::intValue).sorted().toArray(),
                silent);
    }

    /** The chance that the most frequent answer of k samples is right, ties broken by lot. */
    double at(int k) {
        int n = right + java.util.Arrays.stream(wrong).sum() + silent;
        if (k < 1 || k > n) throw new IllegalArgumentException("maj@" + k + " of " + n + " samples");
        double p = (double) k / n;
        double[] rights = heads(right, p);
        double[] silences = heads(silent, p);
        double wins = 0;
        for (int r = 1; r <= Math.min(right, k); r++) if (rights[r] > 0) wins += rights[r] * share(r, k, p, silences);
        return wins / heads(n, p)[k];
    }

    /** The expected share of the lot that r right votes win, together with the chance of k votes in all. */
    private double share(int r, int k, double p, double[] silences) {
        double[][] chance = new double[k / r + 1][k - r + 1]; // [wrong classes with r votes, wrong votes]
        chance[0][0] = 1;
        for (int votes : wrong) chance = with(chance, heads(votes, p), r);
        double share = 0;
        for (int tied = 0; tied < chance.length; tied++)
            for (int sum = Math.max(0, k - r - silent); sum <= k - r; sum++)
                share += chance[tied][sum] * silences[k - r - sum] / (1 + tied);
        return share;
    }

    /** One more wrong class, of at most r votes. */
    private static double[][] with(double[][] chance, double[] votes, int r) {
        double[][] next = new double[chance.length][chance[0].length];
        for (int tied = 0; tied < chance.length; tied++)
            for (int sum = 0; sum < chance[0].length; sum++) {
                if (chance[tied][sum] == 0) continue;
                int most = Math.min(Math.min(r, votes.length - 1), chance[0].length - 1 - sum);
                for (int v = 0; v <= most; v++) {
                    int ties = tied + (v == r ? 1 : 0);
                    if (ties < chance.length) next[ties][sum + v] += chance[tied][sum] * votes[v];
                }
            }
        return next;
    }

    /** [count + 1] the chance of so many heads among {@code count} coins. */
    private static double[] heads(int count, double p) {
        double[] chance = new double[count + 1];
        chance[0] = 1;
        for (int coin = 1; coin <= count; coin++)
            for (int h = coin; h >= 0; h--) chance[h] = chance[h] * (1 - p) + (h > 0 ? chance[h - 1] * p : 0);
        return chance;
    }
}
