package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import java.util.Locale;

/**
 * The time that judging programs may take, compared with the limit of a stall. A verifier reports after each test and
 * keeps its group; so the limit must be longer than a single test.
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
        if (longestGroup() <= config.cluster().stallSeconds()) return sum;
        return sum + ", LONGER THAN cluster.stallSeconds " + stallSeconds()
                + ": kept while its tests go on, but a step may wait for it";
    }

    /** One line when a single test may take longer than the stall; empty otherwise. */
    String warning() {
        if (!applies()) return "";
        long longest = config.rewards().longestProgramTime().toSeconds();
        if (config.cluster().stallSeconds() > longest) return "";
        return "on a busy machine one program may take " + longest + " s on the clock (rewards.testSeconds "
                + config.rewards().testSeconds() + ", rewards.compileSeconds "
                + config.rewards().compileSeconds() + "), not less than cluster.stallSeconds " + stallSeconds()
                + ": the run could end";
    }

    private String stallSeconds() {
        return number(config.cluster().stallSeconds());
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, "%.0f", seconds);
    }
}
