package io.tramontane.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The verdict on one completion and the reward it is worth (paper section 2.2). UNSCORED is our own failure: it has no
 * reward, and the completion leaves its group.
 *
 * @param format its weight when the format gate passed, else 0; the weights are {@code rewards.weights} of the config
 * @param correctness its weight when the answer is right, else 0; in between where part of a program's tests count
 * @param length the soft overlong penalty, from 0 down to minus its weight
 * @param language its weight when problem, thoughts and answer are in one language, else 0
 * @param extra what the user's own rewards add, by name in the order of the config; already multiplied by their weights
 * @param verdict what the verifier found
 * @param reason one sentence for a person; never null
 * @param extracted the answer or program that was judged; empty when there was none
 * @param evidence which rule decided, with which tests
 * @param languages the language found in problem, thoughts and answer; "und" where undecided
 * @param millis wall time of scoring
 */
public record RewardBreakdown(
        double format,
        double correctness,
        double length,
        double language,
        Map<String, Double> extra,
        Verdict verdict,
        String reason,
        String extracted,
        Evidence evidence,
        List<String> languages,
        double millis)
        implements Serializable {

    /** The language of a text that is too short to tell. */
    public static final String UNDECIDED = "und";

    /** The language of a text in none of the configured languages. */
    public static final String OTHER = "other";

    /** The language of a text with too much of another language in it. */
    public static final String MIXED = "mixed";

    /** What the verifier found. */
    public enum Verdict {
        CORRECT,
        WRONG,
        UNPARSEABLE,
        FORMAT_ERROR,
        COMPILE_ERROR,
        COMPILE_TIMEOUT,
        TIME_LIMIT,
        MEMORY_LIMIT,
        OUTPUT_LIMIT,
        RUNTIME_ERROR,
        UNSCORED
    }

    /** Copies the list and the map. */
    public RewardBreakdown {
        if (verdict == null || reason == null || extra == null || languages == null)
            throw new IllegalArgumentException("a reward lacks its verdict, reason, extra or languages");
        for (Map.Entry<String, Double> each : extra.entrySet())
            if (each.getValue() == null)
                throw new IllegalArgumentException("reward " + each.getKey() + " has no value");
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra)); // keeps the order
        languages = List.copyOf(languages);
    }

    /** Without rewards of the user's own and without evidence. */
    public RewardBreakdown(
            double format,
            double correctness,
            double length,
            double language,
            Verdict verdict,
            String reason,
            String extracted,
            List<String> languages,
            double millis) {
        this(
                format,
                correctness,
                length,
                language,
                Map.of(),
                verdict,
                reason,
                extracted,
                Evidence.NONE,
                languages,
                millis);
    }

    /** Our own failure: no reward at all. */
    public static RewardBreakdown unscored(String reason, double millis) {
        return new RewardBreakdown(0, 0, 0, 0, Verdict.UNSCORED, reason, "", List.of(), millis);
    }

    /** The sum of all parts; empty when UNSCORED. */
    public OptionalDouble reward() {
        return verdict == Verdict.UNSCORED
                ? OptionalDouble.empty()
                : OptionalDouble.of(format + correctness + length + language + extraSum());
    }

    /** True if the format gate passed, whatever the format's weight is. */
    public boolean formatPassed() {
        return verdict != Verdict.FORMAT_ERROR && verdict != Verdict.UNSCORED;
    }

    /** True if problem, thoughts and answer are in one language, whatever the language's weight is. */
    public boolean oneLanguage() {
        return language > 0
                || languages.size() == 3 && oneLanguage(languages.get(0), languages.get(1), languages.get(2));
    }

    /** True if the thoughts have a language, the problem's, and the answer is in it or too short to tell. */
    public static boolean oneLanguage(String problem, String thoughts, String answer) {
        boolean named = !thoughts.equals(UNDECIDED) && !thoughts.equals(OTHER) && !thoughts.equals(MIXED);
        return named && thoughts.equals(problem) && (answer.equals(problem) || answer.equals(UNDECIDED));
    }

    private double extraSum() {
        double sum = 0;
        for (double value : extra.values()) sum += value;
        return sum;
    }
}
