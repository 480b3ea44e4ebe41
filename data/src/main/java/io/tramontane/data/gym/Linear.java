package io.tramontane.data.gym;

import io.tramontane.data.gym.ChainFamily.Step;

/**
 * What a chain makes of a number n that is not known yet: factor * n + constant.
 *
 * @param factor at least 1
 * @param constant at least 0
 */
record Linear(int factor, int constant) {
    /** n itself. */
    static final Linear START = new Linear(1, 0);

    private static final int LARGEST_FACTOR = 9;

    Linear after(Step step) {
        return switch (step.operation()) {
            case ADD, REMOVE -> new Linear(factor, step.apply(constant));
            case DOUBLE, TRIPLE -> new Linear(factor * step.n(), constant * step.n());
        };
    }

    /** True for formulas of one digit and a number that chains may hold; nobody ever has fewer than nothing. */
    boolean fits() {
        return factor <= LARGEST_FACTOR && constant >= 0 && constant <= ChainFamily.LARGEST;
    }

    Linear withConstant(int other) {
        return new Linear(factor, other);
    }

    long of(long n) {
        return factor * n + constant;
    }

    /** As Python and C++ read it: {@code n*2+10}. */
    String text() {
        return "n" + (factor == 1 ? "" : "*" + factor) + (constant == 0 ? "" : "+" + constant);
    }

    /** The same as the left side of a step: a sum is bracketed before it is multiplied. */
    String before(Step step) {
        return switch (step.operation()) {
            case ADD, REMOVE -> text();
            case DOUBLE, TRIPLE -> constant == 0 ? text() : "(" + text() + ")";
        };
    }
}
