package io.tramontane.rewards.math;

/**
 * How commas between digits are parsed.
 *
 * @param thousands {@code 1,000} outside of brackets is one number, not two
 * @param decimalComma {@code 3,5} is a decimal; only ever for an answer whose reference is a single number
 */
record CommaRules(boolean thousands, boolean decimalComma) {
    static final CommaRules USUAL = new CommaRules(true, false);
    static final CommaRules DECIMAL_COMMA = new CommaRules(true, true);
    static final CommaRules LIST = new CommaRules(false, false);
}
