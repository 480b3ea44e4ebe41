package io.tramontane.rewards.math;

/** Work that one check may do, in steps of a microsecond or less; what needs more is undecidable. */
final class Budget {
    static final int STEPS = 60_000;

    private int left;

    Budget() {
        this(STEPS);
    }

    Budget(int steps) {
        this.left = steps;
    }

    void spend(int steps) {
        left -= steps;
        if (left < 0) throw new UndecidableException("more steps than one check may take");
    }
}
