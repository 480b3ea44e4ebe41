package io.tramontane.app.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which role limits the run: the one with the smallest idle share.
 *
 * @param generator share of the time that the generators idled; NaN if unknown, as the other two
 * @param trainer the same of the trainer
 * @param verifier the same of the verifiers
 */
record Pace(double generator, double trainer, double verifier) {
    /** Idle shares that differ by less are balanced. */
    private static final double BALANCED = 0.03;

    private record Role(String name, String adjective, double idle) {}

    /** Mean over the rows. */
    static Pace of(List<Row> train) {
        return new Pace(
                Row.mean(train, "generatorIdle"), Row.mean(train, "trainerIdle"), Row.mean(train, "verifierIdle"));
    }

    /** One word for the live line: "trainer-bound", "generator-bound", "verifier-bound", "balanced" or "". */
    String word() {
        List<Role> roles = busiestFirst();
        if (roles.size() < 2) return "";
        return areBalanced(roles) ? "balanced" : roles.get(0).adjective() + "-bound";
    }

    /** A sentence for the page; empty if nothing is known. */
    String sentence() {
        List<Role> roles = busiestFirst();
        if (roles.size() < 2) return "";
        Role first = roles.get(0);
        Role second = roles.get(1);
        if (areBalanced(roles))
            return "The " + first.name() + " and the " + second.name() + " keep up with each other: idle "
                    + ReadableNumbers.percent(first.idle()) + " and " + ReadableNumbers.percent(second.idle())
                    + " of the time.";
        return "The " + first.name() + " set" + (first.name().endsWith("s") ? "" : "s") + " the pace: idle "
                + ReadableNumbers.percent(first.idle()) + " of the time, while the " + second.name() + " waited "
                + ReadableNumbers.percent(second.idle()) + " of it.";
    }

    private static boolean areBalanced(List<Role> roles) {
        return roles.get(1).idle() - roles.get(0).idle() < BALANCED;
    }

    private List<Role> busiestFirst() {
        return Stream.of(
                        new Role("trainer", "trainer", trainer),
                        new Role("generators", "generator", generator),
                        new Role("verifiers", "verifier", verifier))
                .filter(role -> Double.isFinite(role.idle()))
                .sorted(Comparator.comparingDouble(Role::idle))
                .toList();
    }
}
