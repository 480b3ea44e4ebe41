package io.tramontane.cluster.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The deadlines of a run in their order: what is inside ends before what is outside. Given the defaults, a task that hangs is replaced
 * after 15 s, groups that a verifier does not get on with go to another after 30 s, groups that a generator no longer reports after
 * 120 s, and a run without progress ends after 300 s. Limits of the config that are not below {@code cluster.stallSeconds} are
 * lowered, with a line that says so: run folders of earlier versions have such.
 *
 * @param verify a verifier that makes no progress with a group for so long loses it
 * @param lease a generator that does not report a group for so long loses it
 * @param rank a trainer rank that gives no sign of life for so long ends the stage
 * @param stall a run without progress for so long ends
 */
public record Clocks(Duration verify, Duration lease, Duration rank, Duration stall) {
    private static final double VERIFY_SECONDS = 30;
    private static final double BELOW_STALL = 0.75;
    private static final double LEAST_SECONDS = 1;

    /** The deadlines that hold. */
    public static Clocks of(ClusterConfig config) {
        double lease = below(config.leaseSeconds(), config.stallSeconds());
        return new Clocks(
                duration(Math.min(VERIFY_SECONDS, lease)),
                duration(lease),
                duration(below(config.rankSeconds(), config.stallSeconds())),
                duration(config.stallSeconds()));
    }

    /** One line for each limit that was lowered. */
    public static List<String> lowered(ClusterConfig config) {
        List<String> lines = new ArrayList<>();
        lowered("cluster.leaseSeconds", config.leaseSeconds(), config.stallSeconds(), lines);
        lowered("cluster.rankSeconds", config.rankSeconds(), config.stallSeconds(), lines);
        return lines;
    }

    private static void lowered(String key, double given, double stall, List<String> lines) {
        double used = below(given, stall);
        if (used < given)
            lines.add(key + " " + number(given) + " is not below cluster.stallSeconds " + number(stall) + ": "
                    + number(used) + " s are used");
    }

    private static double below(double inner, double stall) {
        return inner < stall ? inner : Math.min(inner, Math.max(LEAST_SECONDS, BELOW_STALL * stall));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value).replaceFirst("\\.?0+$", "");
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
