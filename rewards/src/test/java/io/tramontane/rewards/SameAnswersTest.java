package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Evidence;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SameAnswersTest {
    private static final Problem HOW_MANY = Problem.math("m", "en", "How many?", "7", Map.of());

    private static Map<String, String> spellings(String... answers) {
        return SameAnswers.of(List.of(answers), new LatexMathVerifier());
    }

    @Test
    void answersOfOneValueAreCountedUnderTheMostFrequentSpelling() {
        Map<String, String> found =
                spellings("0.5", "\\frac12", "1/2", "1/2", "1,000", "1000", "1000", "3", "x+1", "1+x");
        assertEquals("1/2", found.get("0.5"));
        assertEquals("1/2", found.get("\\frac12"));
        assertEquals("1/2", found.get("1/2"));
        assertEquals("1000", found.get("1,000"));
        assertEquals("1000", found.get("1000"));
        assertEquals("3", found.get("3"));
        assertEquals("1+x", found.get("x+1")); // equally frequent: the first by alphabet
        assertEquals(4, new HashSet<>(found.values()).size());
    }

    @Test
    void eitherOfTwoMayBeTheReference() {
        // only an answer may have a decimal comma: "1.5" takes "1,5", not the other way round
        assertEquals("1,5", spellings("1,5", "1,5", "1.5").get("1.5"));
        assertEquals("1.5", spellings("1,5", "1.5", "1.5").get("1,5"));
    }

    @Test
    void whatTwoClassesEqualJoinsTheMoreFrequentOneAndTheOrderOfSamplesDoesNotMatter() {
        List<String> answers = new ArrayList<>(List.of("0.5", "0.5", "50", "50", "50", "50\\%"));
        Map<String, String> found = SameAnswers.of(answers, new LatexMathVerifier());
        assertEquals(Map.of("0.5", "0.5", "50", "50", "50\\%", "50"), found);
        Collections.reverse(answers);
        assertEquals(found, SameAnswers.of(answers, new LatexMathVerifier()));
    }

    @Test
    void whatCannotBeReadIsOneAnswerByItsTextOnly() {
        assertEquals(
                Map.of("\\frac{1}{", "\\frac{1}{", "many", "many", " many", "many"),
                spellings("\\frac{1}{", "many", " many", "many"));
    }

    @Test
    void rightAnswersSilenceAndProgramsAreLeftOut() {
        List<RewardBreakdown> verdicts =
                List.of(verdict(Verdict.CORRECT, "7"), verdict(Verdict.WRONG, "8"), verdict(Verdict.FORMAT_ERROR, ""));
        assertEquals(Map.of("8", "8"), SameAnswers.of(HOW_MANY, verdicts));
        Problem program = Problem.code(
                "c", "en", "Print 1.", Problem.CodeLanguage.PYTHON, List.of(new Problem.TestCase("", "1")), Map.of());
        assertEquals(Map.of(), SameAnswers.of(program, verdicts));
    }

    @Test
    void thousandsOfDifferentAnswersAreComparedABoundedNumberOfTimes() {
        AtomicInteger checks = new AtomicInteger();
        MathVerifier counting = (reference, prediction) -> {
            checks.incrementAndGet();
            return new VerifierOutcome.Wrong("not equal", Evidence.NONE);
        };
        List<String> answers =
                IntStream.range(0, 3_000).mapToObj(String::valueOf).toList();
        assertEquals(3_000, new HashSet<>(SameAnswers.of(answers, counting).values()).size());
        assertEquals(2 * SameAnswers.MAX_PAIRS, checks.get()); // in both directions
    }

    private static RewardBreakdown verdict(Verdict verdict, String answer) {
        return new RewardBreakdown(0.1, 0, 0, 0, verdict, "", answer, List.of(), 1);
    }
}
