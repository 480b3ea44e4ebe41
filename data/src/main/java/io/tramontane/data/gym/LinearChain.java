package io.tramontane.data.gym;

import io.tramontane.data.gym.ChainFamily.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps that begin with n, and the formula that somebody believes to have after each of them.
 *
 * @param results right or not, one for each step
 */
record LinearChain(List<Step> steps, List<Linear> results) {
    LinearChain {
        steps = List.copyOf(steps);
        results = List.copyOf(results);
    }

    /** With the right formulas. */
    static LinearChain of(List<Step> steps) {
        return new LinearChain(steps, results(steps, 0, null));
    }

    /** Each constant is wrong with this probability; a slip that would leave the range now or later is not made. */
    LinearChain slipped(double share, Dice dice) {
        return new LinearChain(steps, results(steps, share, dice));
    }

    private static List<Linear> results(List<Step> steps, double slipShare, Dice dice) {
        List<Linear> results = new ArrayList<>();
        Linear value = Linear.START;
        for (int i = 0; i < steps.size(); i++) {
            value = value.after(steps.get(i));
            if (slipShare > 0 && dice.chance(slipShare)) {
                Linear slipped = value.withConstant(value.constant() + dice.pick(Chain.SLIPS));
                if (fits(slipped, steps.subList(i + 1, steps.size()))) value = slipped;
            }
            results.add(value);
        }
        return results;
    }

    private static boolean fits(Linear value, List<Step> steps) {
        for (Step step : steps) {
            if (!value.fits()) return false;
            value = value.after(step);
        }
        return value.fits();
    }

    /** What is right in the end, whatever is believed. */
    Linear truth() {
        return of(steps).result();
    }

    /** What is believed in the end. */
    Linear result() {
        return results.get(results.size() - 1);
    }

    /** The steps as text. */
    String canonical() {
        StringBuilder text = new StringBuilder("n");
        for (Step step : steps) text.append(step.operation().symbol).append(step.n());
        return text.toString();
    }
}
