package io.tramontane.data;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The verdict on one completion and the reward it is worth (paper section 2.2). UNSCORED is our own failure: it has no
 * reward, and the completion leaves its group.
 *
 * @param format 0.1 when the format gate passed, else 0
 * @param correctness 0.9 when the answer is right, else 0
 * @param length 0 to -0.1, the soft overlong penalty
 * @param language 0.1 when problem, thoughts and answer are in one language, else 0
 * @param verdict what the verifier found
 * @param reason one sentence for a person; never null
 * @param extracted the answer or program that was judged; empty when there was none
 * @param languages the language found in problem, thoughts and answer; "und" where undecided
 * @param millis wall time of scoring
 */
public record RewardBreakdown(
        double format,
        double correctness,
        double length,
        double language,
        Verdict verdict,
        String reason,
        String extracted,
        List<String> languages,
        double millis)
        implements Serializable {

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

    /** Copies the list. */
    public RewardBreakdown {
        languages = List.copyOf(languages);
    }

    /** Our own failure: no reward at all. */
    public static RewardBreakdown unscored(String reason, double millis) {
        return new RewardBreakdown(0, 0, 0, 0, Verdict.UNSCORED, reason, "", List.of(), millis);
    }

    /** The sum of the four parts, at most 1.1; empty when UNSCORED. */
    public OptionalDouble reward() {
        return verdict == Verdict.UNSCORED
                ? OptionalDouble.empty()
                : OptionalDouble.of(format + correctness + length + language);
    }
}
