package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Ratio;
import java.math.BigInteger;

/** Decides by a heuristic whether {@code 1:20} is a time of day or a ratio. */
final class ClockTimes {
    private ClockTimes() {}

    /** Whether a time of day could be a ratio as well, that is, is in lowest terms: 10:30 is not, so it is no ratio. */
    static boolean isReduced(Ratio time) {
        Num hours = (Num) time.children().get(0);
        Num minutes = (Num) time.children().get(1);
        return hours.value().numerator().gcd(minutes.value().numerator()).equals(BigInteger.ONE);
    }

    /** Two whole numbers that could be hours and minutes. */
    static boolean isTime(Ratio ratio) {
        return ratio.children().size() == 2
                && ratio.children().get(0) instanceof Num hours
                && ratio.children().get(1) instanceof Num minutes
                && hours.places() == -1
                && minutes.places() == -1
                && hours.value().compareTo(Rational.of(24)) <= 0
                && minutes.value().compareTo(Rational.of(60)) < 0
                && minutes.value().compareTo(Rational.of(9)) > 0;
    }
}
