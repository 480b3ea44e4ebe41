package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The time that judging programs may take, compared with the limits of lease and stall. A verifier reports after each test and
 * keeps its group; so both limits must be longer than a single test.
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

    /** One line of the plan. */
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
        if (longestGroup() > config.cluster().leaseSeconds()) shorter.add("cluster.leaseSeconds " + leaseSeconds());
        if (longestGroup() > config.cluster().stallSeconds()) shorter.add("cluster.stallSeconds " + stallSeconds());
        if (shorter.isEmpty()) return sum;
        return sum + ", LONGER THAN " + String.join(" and ", shorter)
                + ": kept while its tests go on, but a step may wait for it";
    }

    /** One line when a single test may take longer than lease or stall; empty otherwise. */
    String warning() {
        if (!applies()) return "";
        long longest = config.rewards().longestProgramTime().toSeconds();
        List<String> shorter = new ArrayList<>();
        if (config.cluster().leaseSeconds() <= longest) shorter.add("cluster.leaseSeconds " + leaseSeconds());
        if (config.cluster().stallSeconds() <= longest) shorter.add("cluster.stallSeconds " + stallSeconds());
        if (shorter.isEmpty()) return "";
        return "on a busy machine one program may take " + longest + " s on the clock (rewards.testSeconds "
                + config.rewards().testSeconds() + ", rewards.compileSeconds "
                + config.rewards().compileSeconds() + "), not less than " + String.join(" and ", shorter)
                + ": a group could be judged twice, or the run end";
    }

    private String leaseSeconds() {
        return number(config.cluster().leaseSeconds());
    }

    private String stallSeconds() {
        return number(config.cluster().stallSeconds());
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, "%.0f", seconds);
    }
}
