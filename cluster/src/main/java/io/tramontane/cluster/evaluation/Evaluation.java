package io.tramontane.cluster.evaluation;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The statistics of an evaluation, over problems with n samples each. pass@k is the unbiased estimate of arXiv:2107.03374,
 * <pre>  1 - C(n - c, k) / C(n, k)        c = correct samples</pre>
 * and maj@k the probability that the most frequent answer of k samples is right, ties broken by lot ({@link Majority}). A sample
 * that is UNSCORED counts nowhere but in {@link #unscored}.
 */
public final class Evaluation {
    private final List<EvaluatedProblem> problems;
    private final List<EvaluatedProblem> scored;

    /** Over these problems. */
    public Evaluation(List<EvaluatedProblem> problems) {
        this.problems = List.copyOf(problems);
        this.scored = problems.stream().filter(p -> !p.scored().isEmpty()).toList();
    }

    /** Every problem with its verdicts, in the order given. */
    public List<EvaluatedProblem> all() {
        return problems;
    }

    /** Problems with at least one verdict. */
    public int problems() {
        return scored.size();
    }

    /** Samples that could not be judged. */
    public int unscored() {
        return problems.stream()
                .mapToInt(p -> p.verdicts().size() - p.scored().size())
                .sum();
    }

    /** The smallest number of judged samples that a problem has: the largest k for which pass@k and maj@k exist. */
    public int samples() {
        return scored.stream().mapToInt(p -> p.scored().size()).min().orElse(0);
    }

    /** pass@k; k = 1 is plain correctness. */
    public Estimate passAt(int k) {
        return estimate(p -> passAt(p.scored().size(), correct(p.scored()), k));
    }

    /** maj@k over the maths problems, NaN without any: programs have no answers that could be compared. */
    public Estimate majorityAt(int k) {
        return Estimate.of(scored.stream()
                .filter(p -> p.problem().kind() == Problem.Kind.MATH)
                .mapToDouble(p -> p.votes().at(k))
                .toArray());
    }

    /** Share of samples that passed the format gate. */
    public Estimate formatOk() {
        return estimate(p -> share(p, v -> v.formatPassed() ? 1 : 0));
    }

    /** Share of samples whose problem, thoughts and answer are in one language. */
    public Estimate languageConsistency() {
        return estimate(p -> share(p, v -> v.oneLanguage() ? 1 : 0));
    }

    /** Mean tokens per judged sample. */
    public double lengthMean() {
        return overSamples(Completion::length);
    }

    /** Share of judged samples that were cut at the longest length: the policy had not ended them. */
    public double truncatedShare() {
        return overSamples(c -> c.finished() ? 0 : 1);
    }

    private double overSamples(ToDoubleFunction<Completion> value) {
        return problems.stream()
                .flatMap(p -> p.judged().stream())
                .mapToDouble(value)
                .average()
                .orElse(Double.NaN);
    }

    /** One evaluation per language of the problems, by code. */
    public Map<String, Evaluation> byLanguage() {
        return split(p -> p.problem().language());
    }

    /** One evaluation per {@linkplain EvaluatedProblem#source source}. */
    public Map<String, Evaluation> bySource() {
        return split(EvaluatedProblem::source);
    }

    /** One evaluation per level, 0 where the source states none. */
    public Map<Integer, Evaluation> byLevel() {
        return split(p -> p.problem().level());
    }

    /** Unbiased pass@k of one problem with n samples, c of them correct. */
    static double passAt(int n, int c, int k) {
        if (k < 1 || k > n) throw new IllegalArgumentException("pass@" + k + " of " + n + " samples");
        double allWrong = 1;
        for (int i = 0; i < k; i++) allWrong *= Math.max(0, n - c - i) / (double) (n - i);
        return 1 - allWrong;
    }

    private static int correct(List<RewardBreakdown> samples) {
        return (int)
                samples.stream().filter(v -> v.verdict() == Verdict.CORRECT).count();
    }

    private static double share(EvaluatedProblem problem, ToDoubleFunction<RewardBreakdown> value) {
        return problem.scored().stream().mapToDouble(value).average().orElseThrow();
    }

    private Estimate estimate(ToDoubleFunction<EvaluatedProblem> value) {
        return Estimate.of(scored.stream().mapToDouble(value).toArray());
    }

    private <K> Map<K, Evaluation> split(Function<EvaluatedProblem, K> key) {
        Map<K, List<EvaluatedProblem>> parts = new TreeMap<>();
        for (EvaluatedProblem problem : problems)
            parts.computeIfAbsent(key.apply(problem), k -> new ArrayList<>()).add(problem);
        Map<K, Evaluation> evaluations = new TreeMap<>();
        parts.forEach((k, part) -> evaluations.put(k, new Evaluation(part)));
        return evaluations;
    }
}
