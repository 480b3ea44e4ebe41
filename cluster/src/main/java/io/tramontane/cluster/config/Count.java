package io.tramontane.cluster.config;

import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many tasks of a role: always as many ({@code 3}), or at least some and more where there is room ({@code 1..8}). Not a record,
 * since a record is a section of the config.
 */
public final class Count implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST = 10_000;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

    private final int least;
    private final int most;

    private Count(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /** Always as many. */
    public static Count of(int count) {
        return new Count(count, count);
    }

    /** Reads {@code 3} or {@code 1..8}. */
    public static Count of(String text) {
        Matcher range = TEXT.matcher(text);
        if (!range.matches()) throw new IllegalArgumentException("\"" + text + "\" is no count");
        int least = Integer.parseInt(range.group(1));
        return new Count(least, range.group(2) == null ? least : Integer.parseInt(range.group(2)));
    }

    /** How many the run needs. */
    public int least() {
        return least;
    }

    /** How many take part when there is room. */
    public int most() {
        return most;
    }

    /** True if some may join and leave. */
    public boolean elastic() {
        return most > least;
    }

    /** Refuses what no run can have. */
    void check(String key) {
        if (least < 1 || most < least || most > MOST)
            throw new IllegalArgumentException(key + " " + this + ", allowed >= 1, or a range such as 1..8");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Count count && least == count.least && most == count.most;
    }

    @Override
    public int hashCode() {
        return Objects.hash(least, most);
    }

    /** As in the config. */
    @Override
    public String toString() {
        return elastic() ? least + ".." + most : Integer.toString(least);
    }
}
