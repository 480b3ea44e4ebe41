package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long judging programs may take, beside the times after which others give up. Whoever works at a group says so after each
 * test, and keeps it; so what must be longer than a single turn is the patience of the others.
 *
 * @param cores of a verifier's machine
 */
record ProgramPlan(Config config, int cores) {
    /** True when the run may meet programs: the gym makes them, or a file may hold them. */
    boolean applies() {
        return !config.data().train().equals("gym") || config.data().gym().codeShare() > 0;
    }

    /** CPU seconds of the programs of one group if every test takes all that it may, over the cores. */
    double longestGroup() {
        long tests = (long) config.rollout().groupSize() * config.rewards().tests();
        return (double) tests * config.rewards().testSeconds() / cores;
    }

    /** For people. */
    String text() {
        String sum = String.format(
                Locale.ROOT,
                "at most %,.0f s for a group (%d completions x %d tests x %d s of CPU on %d cores)",
                longestGroup(),
                config.rollout().groupSize(),
                config.rewards().tests(),
                config.rewards().testSeconds(),
                cores);
        List<String> shorter = new ArrayList<>();
        if (longestGroup() > config.cluster().leaseSeconds()) shorter.add("cluster.leaseSeconds " + lease());
        if (longestGroup() > config.cluster().stallSeconds()) shorter.add("cluster.stallSeconds " + stall());
        if (shorter.isEmpty()) return sum;
        return sum + ", LONGER THAN " + String.join(" and ", shorter)
                + ": kept while its tests go on, but a step may wait for it";
    }

    /** One line when a single test may take longer than others wait; empty otherwise. */
    String warning() {
        if (!applies()) return "";
        long turn = config.rewards().longestTurn().toSeconds();
        List<String> shorter = new ArrayList<>();
        if (config.cluster().leaseSeconds() <= turn) shorter.add("cluster.leaseSeconds " + lease());
        if (config.cluster().stallSeconds() <= turn) shorter.add("cluster.stallSeconds " + stall());
        if (shorter.isEmpty()) return "";
        return "on a busy machine one program may take " + turn + " s on the clock (rewards.testSeconds "
                + config.rewards().testSeconds() + ", rewards.compileSeconds "
                + config.rewards().compileSeconds() + "), not less than " + String.join(" and ", shorter)
                + ": a group could be judged twice, or the run end";
    }

    private String lease() {
        return number(config.cluster().leaseSeconds());
    }

    private String stall() {
        return number(config.cluster().stallSeconds());
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, "%.0f", seconds);
    }
}
