package io.tramontane.rewards.math;

/**
 * What the comparer found out about one pair.
 *
 * @param kind equal, different, or not readable as mathematics
 * @param rule the rule that decided: text, choice, rational, rounded, numeric, identity, equation, inequality, set,
 *     interval, list, tuple, family, matrix, ratio, unit, percent, degrees, congruence; "different" for two numbers
 *     that are not the same one; "undecided" where none did
 * @param why one sentence for a person
 */
public record Judgement(Kind kind, String rule, String why) {
    /** The three outcomes; only the first is worth anything. */
    public enum Kind {
        EQUAL,
        DIFFERENT,
        UNREADABLE
    }

    /** True when the two are proved equal. */
    public boolean equal() {
        return kind == Kind.EQUAL;
    }
}
