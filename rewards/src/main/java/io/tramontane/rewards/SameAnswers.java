package io.tramontane.rewards;

import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which wrong answers to a maths problem are the same one, for votes: {@code 1/2}, {@code \frac12} and {@code 0.5}. Two are
 * when the maths verifier takes one for the other, in either direction. It is a comparison of pairs and need not carry over
 * (50 and {@code 50\%}, {@code 50\%} and 0.5), so the more frequent answer stands for its class: different texts are
 * taken by frequency, then by alphabet, and each joins the first class whose first text it equals. This does not depend on the
 * order of the samples. Right answers are not looked at: the reference has decided what they are.
 */
public final class SameAnswers {
    /** Pairs that are compared for a problem, enough for 45 different answers; what is left then is the same by text only. */
    static final int MAX_PAIRS = 1_000;

    private final MathVerifier verifier;
    private final List<String> classes = new ArrayList<>();
    private int pairs;

    private SameAnswers(MathVerifier verifier) {
        this.verifier = verifier;
    }

    /** The text under which each wrong answer counts, by its text as extracted; of programs none, they are told apart by text. */
    public static Map<String, String> of(Problem problem, List<RewardBreakdown> verdicts) {
        if (problem.kind() != Problem.Kind.MATH) return Map.of();
        return of(
                verdicts.stream()
                        .filter(v -> v.verdict() != Verdict.CORRECT)
                        .map(RewardBreakdown::extracted)
                        .filter(text -> !text.isBlank())
                        .toList(),
                new LatexMathVerifier());
    }

    static Map<String, String> of(List<String> answers, MathVerifier verifier) {
        Map<String, Integer> counts = new HashMap<>();
        for (String answer : answers) counts.merge(answer.strip(), 1, Integer::sum);
        List<String> texts = new ArrayList<>(counts.keySet());
        texts.sort(Comparator.comparing((String text) -> -counts.get(text)).thenComparing(Comparator.naturalOrder()));
        SameAnswers same = new SameAnswers(verifier);
        Map<String, String> spellings = new HashMap<>();
        for (String text : texts) spellings.put(text, same.classOf(text));
        for (String answer : answers) spellings.put(answer, spellings.get(answer.strip()));
        return spellings;
    }

    private String classOf(String text) {
        for (String first : classes) {
            if (pairs == MAX_PAIRS) break;
            pairs++;
            if (takes(first, text) || takes(text, first)) return first;
        }
        classes.add(text);
        return text;
    }

    private boolean takes(String reference, String answer) {
        return verifier.check(reference, answer).verdict() == Verdict.CORRECT;
    }
}
