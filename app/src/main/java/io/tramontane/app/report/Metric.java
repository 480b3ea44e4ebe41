package io.tramontane.app.report;

/**
 * One name in metrics.jsonl.
 *
 * @param name as in the file
 * @param unit what a value counts in: "share" is in [0, 1], "versions" are policy versions; "" where it is no number
 * @param meaning one sentence for a person
 * @param always every row of its kind has it (null where nothing was measured); otherwise only rows of some runs
 */
public record Metric(String name, String unit, String meaning, boolean always) {
    /** A name that every row has. */
    static Metric always(String name, String unit, String meaning) {
        return new Metric(name, unit, meaning, true);
    }

    /** A name that only some rows have. */
    static Metric sometimes(String name, String unit, String meaning) {
        return new Metric(name, unit, meaning, false);
    }
}
