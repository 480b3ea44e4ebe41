package io.tramontane.cluster.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final int CUT = 64;

    @Test
    void passAtKIsOneMinusTheChanceOfKWrongDraws() {
        assertEquals(0.5, Evaluation.passAt(4, 1, 2), 1e-12); // 1 - C(3,2)/C(4,2) = 1 - 3/6
        assertEquals(0.9, Evaluation.passAt(5, 2, 3), 1e-12); // 1 - C(3,3)/C(5,3) = 1 - 1/10
        assertEquals(0.25, Evaluation.passAt(4, 1, 1), 1e-12);
        assertEquals(1.0, Evaluation.passAt(4, 3, 2), 1e-12); // two wrong ones do not exist
        assertEquals(0.0, Evaluation.passAt(4, 0, 4), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> Evaluation.passAt(4, 1, 5));
    }

    @Test
    void theMostFrequentAnswerWins() {
        assertEquals(1, majority(List.of(right("7"), right("7.0"), wrong("8")), 3));
        assertEquals(0, majority(List.of(right("7"), wrong("8"), wrong("8")), 3));
    }

    @Test
    void aTieIsBrokenByLotAndSilenceDoesNotVote() {
        assertEquals(0.5, majority(List.of(right("7"), wrong("8")), 2));
        assertEquals(1.0 / 3, majority(List.of(right("7"), wrong("8"), wrong("9")), 3));
        assertEquals(1, majority(List.of(right("7"), wrong(""), wrong("")), 3));
        assertEquals(0, majority(List.of(wrong(""), wrong("")), 2));
    }

    @Test
    void wrongAnswersThatAreEqualInValueVoteTogether() {
        List<RewardBreakdown> samples = List.of(right("7"), right("7"), wrong("1/2"), wrong("0.5"), wrong(" 0.5 "));
        // by text 7 has two votes, "1/2" one and "0.5" two: a tie in two
        assertEquals(0.5, majority(samples, 5));
        // as one class the half has three votes
        EvaluatedProblem half = new EvaluatedProblem(
                group(problem("a", "fr", 1), List.of(9, 9, 9, 9, 9)),
                samples,
                Map.of("1/2", "0.5", "0.5", "0.5", " 0.5 ", "0.5"));
        assertEquals(0, new Evaluation(List.of(half)).majorityAt(5).value());
        // of three: the ten subsets hold 2, 1, 0 right ones 3, 6, 1 times, and only the first win
        assertEquals(0.3, new Evaluation(List.of(half)).majorityAt(3).value(), 1e-12);
        // by text: 77h wins in all 3, 7 with two of "0.5" loses, 7 with "1/2" and "0.5" ties in three (2 x 2 subsets),
        // hhh loses
        assertEquals(0.3 + 4 / 3.0 / 10, majority(samples, 3), 1e-12);
    }

    @Test
    void majorityOfOneIsCorrectness() {
        // one of four is right: a random single sample is right with probability 1/4
        assertEquals(0.25, majority(List.of(right("7"), wrong("8"), wrong("8"), wrong("9")), 1), 1e-12);
    }

    @Test
    void majorityOfSomeIsTheMeanOverAllSubsets() {
        // of 7 7 8 9: the pairs 77 win, 78 78 79 79 tie in two, 89 loses: (1 + 4 / 2) / 6
        List<RewardBreakdown> samples = List.of(right("7"), right("7"), wrong("8"), wrong("9"));
        assertEquals(0.5, majority(samples, 2), 1e-12);
        // 778 and 779 win, 789 twice ties in three: (2 + 2 / 3) / 4
        assertEquals(2.0 / 3, majority(samples, 3), 1e-12);
    }

    @Test
    void majorityOfThousandsOfSamplesIsANumber() {
        List<RewardBreakdown> samples = new ArrayList<>(Collections.nCopies(1000, right("7")));
        samples.addAll(Collections.nCopies(1000, wrong("8")));
        // by symmetry, ties by lot
        assertEquals(0.5, majority(samples, 64), 1e-9);
    }

    @Test
    void programsDoNotVote() {
        Problem program = Problem.code(
                "c", "en", "Print 1.", Problem.CodeLanguage.PYTHON, List.of(new Problem.TestCase("", "1")), Map.of());
        EvaluatedProblem solved = evaluated(program, List.of(right("print(1)"), right("print(1)")), List.of(9, 9));
        assertEquals(Double.NaN, new Evaluation(List.of(solved)).majorityAt(2).value());
        EvaluatedProblem missed = evaluated(problem("a", "fr", 1), List.of(wrong("8"), wrong("8")), List.of(9, 9));
        assertEquals(0, new Evaluation(List.of(solved, missed)).majorityAt(2).value());
        assertEquals(0.5, new Evaluation(List.of(solved, missed)).passAt(2).value());
    }

    @Test
    void problemsThatAllCameOutAlikeDoNotMakeCertain() {
        // Wilson: z^2 = 3.8415; of 3 problems 3.8415 / 6.8415 = 0.5615 may be exceptions, of 20 0.1611
        Estimate three = Estimate.of(new double[] {1, 1, 1});
        assertEquals(1, three.value());
        assertEquals(0.4385, three.low(), 1e-4);
        assertEquals(1, three.high());
        double[] none = new double[20];
        assertEquals(0, Estimate.of(none).low());
        assertEquals(0.1611, Estimate.of(none).high(), 1e-4);
        Estimate nothing = Estimate.ofDifferences(none); // no problem changed, but some may in either direction
        assertEquals(-0.1611, nothing.low(), 1e-4);
        assertEquals(0.1611, nothing.high(), 1e-4);
    }

    @Test
    void oneProblemHasNoIntervalAndNoneNoValue() {
        Estimate one = Estimate.of(new double[] {0.125});
        assertEquals(0.125, one.value());
        assertFalse(one.hasInterval());
        assertEquals(Double.NaN, Estimate.of(new double[0]).value());
    }

    @Test
    void theIntervalOfACoinIsTheBinomialOne() {
        double[] coin = new double[100];
        Arrays.fill(coin, 0, 50, 1);
        Estimate estimate = Estimate.of(coin);
        // standard deviation of the mean: sqrt(0.25 / 100) = 0.05, so 0.5 +- 1.96 * 0.05
        assertEquals(0.5, estimate.value());
        assertEquals(0.402, estimate.low(), 0.021);
        assertEquals(0.598, estimate.high(), 0.021);
    }

    @Test
    void ourOwnFailuresLeaveTheSamplesAndAreCounted() {
        Evaluation evaluation = new Evaluation(List.of(
                evaluated(
                        problem("a", "fr", 2),
                        List.of(right("7"), RewardBreakdown.unscored("sandbox died", 1), wrong("8")),
                        List.of(10, 20, 30)),
                evaluated(problem("b", "de", 1), List.of(RewardBreakdown.unscored("sandbox died", 1)), List.of(40))));
        assertEquals(1, evaluation.problems());
        assertEquals(2, evaluation.unscored());
        assertEquals(2, evaluation.samples());
        assertEquals(0.5, evaluation.passAt(1).value());
        assertEquals(1, evaluation.passAt(2).value());
        assertEquals(20, evaluation.lengthMean()); // 10 and 30
    }

    @Test
    void theSourceIsNamedByTheProblemOrByItsId() {
        assertEquals("gsm8k/test", source(Problem.math("gsm8k/test/17", "en", "?", "1", Map.of())));
        assertEquals("all", source(Problem.math("17", "en", "?", "1", Map.of())));
        assertEquals("aime", source(Problem.math("x/17", "en", "?", "1", Map.of("source", "aime"))));
    }

    @Test
    void problemsAreSplitByLanguageAndLevel() {
        Evaluation evaluation = new Evaluation(List.of(
                evaluated(problem("a", "fr", 2), List.of(right("7")), List.of(10)),
                evaluated(problem("b", "fr", 1), List.of(wrong("7")), List.of(10)),
                evaluated(problem("c", "zh", 1), List.of(wrong("8")), List.of(10))));
        Map<String, Evaluation> languages = evaluation.byLanguage();
        assertEquals(0.5, languages.get("fr").passAt(1).value());
        assertEquals(0, languages.get("zh").passAt(1).value());
        assertEquals(1, evaluation.byLevel().get(2).passAt(1).value());
        assertEquals(2, evaluation.byLevel().get(1).problems());
        assertEquals(1, evaluation.formatOk().value());
        assertEquals(1.0 / 3, evaluation.languageConsistency().value(), 1e-12);
    }

    @Test
    void truncatedSamplesAreCounted() {
        EvaluatedProblem half = evaluated(problem("a", "fr", 1), List.of(right("7"), wrong("8")), List.of(10, CUT));
        assertEquals(0.5, new Evaluation(List.of(half)).truncatedShare());
    }

    private static String source(Problem problem) {
        return evaluated(problem, List.of(), List.of()).source();
    }

    private static double majority(List<RewardBreakdown> samples, int k) {
        return Majority.of(samples, Map.of()).at(k);
    }

    /** Samples of these lengths; those of CUT tokens were cut. */
    private static EvaluatedProblem evaluated(Problem problem, List<RewardBreakdown> verdicts, List<Integer> lengths) {
        return new EvaluatedProblem(group(problem, lengths), verdicts);
    }

    private static Group group(Problem problem, List<Integer> lengths) {
        List<Completion> completions = lengths.stream()
                .map(n -> new Completion(new int[n], new float[n], new int[n], n != CUT, ""))
                .toList();
        return new Group(0, problem, new int[] {1}, completions);
    }

    private static Problem problem(String id, String language, int level) {
        return Problem.math(id, language, "How many?", "7", Map.of("level", level));
    }

    private static RewardBreakdown right(String answer) {
        return new RewardBreakdown(0.1, 0.9, 0, 0.1, Verdict.CORRECT, "equal", answer, List.of(), 1);
    }

    private static RewardBreakdown wrong(String answer) {
        return new RewardBreakdown(0.1, 0, 0, 0, Verdict.WRONG, "not equal", answer, List.of(), 1);
    }
}
