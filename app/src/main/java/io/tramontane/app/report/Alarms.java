package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Alarms from the run's own numbers, each one sentence with its number. A share raises its alarm when its whole 95 %
 * interval lies beyond the limit, so that a few completions or problems raise none.
 */
final class Alarms {
    private static final int WINDOW = 20;
    private static final String FAILED = "failed: ";
    private static final double MISMATCH_KL = 1e-6; // float32, for runs of older versions
    private static final int UNCOUNTED = 16;

    private final RunSummary summary;
    private final List<Row> first;
    private final List<Row> last;
    private final List<String> alarms = new ArrayList<>();

    private Alarms(RunSummary summary) {
        List<Row> train = summary.train();
        this.summary = summary;
        this.first = train.subList(0, Math.min(WINDOW, train.size()));
        this.last = train.subList(Math.max(0, train.size() - WINDOW), train.size());
    }

    /** None for a healthy run. */
    static List<String> of(RunSummary summary) {
        List<String> alarms = new ArrayList<>();
        String reason = summary.end().text("reason");
        if (reason.startsWith(FAILED)) alarms.add("The run failed: " + reason.substring(FAILED.length()) + ".");
        alarms.addAll(ofNumbers(summary));
        return alarms;
    }

    /** Without the failure that ended the run: the console says it anyway. */
    static List<String> ofNumbers(RunSummary summary) {
        Alarms found = new Alarms(summary);
        found.ofTraining();
        found.ofEvaluation();
        found.when(
                !summary.audit().map(LedgerAudit::isExact).orElse(true),
                "The ledger does not add up: "
                        + summary.audit().map(LedgerAudit::line).orElse("") + ".");
        return found.alarms;
    }

    private void ofTraining() {
        double mismatch = summary.train().stream()
                .mapToDouble(row -> row.number("mismatchKl"))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        double expected = summary.start().number("mismatchExpected");
        when(
                mismatch > (Double.isFinite(expected) ? expected : MISMATCH_KL),
                "Mismatch KL reached " + String.format(Locale.ROOT, "%.1e", mismatch)
                        + ": generator and trainer disagree about the same policy version.");
        above(last, "zeroSignalShare", "groups", 0.8, " of the last groups have equal rewards: they carry no signal.");
        above(
                summary.train(),
                "unscoredShare",
                "completions",
                0.001,
                " of the completions were UNSCORED, our own failure: logs/driver.log says why.");
        above(last, "truncatedShare", "completions", 0.2, " of the last completions were cut at the longest length.");
        double entropy = Row.mean(last, "entropy");
        when(
                entropy < 0.02 * Row.mean(first, "entropy"),
                "Entropy fell to " + ReadableNumbers.fixed(entropy, 4) + ": the policy no longer explores.");
        when(last.size() == WINDOW && isConstant("reward"), "The reward has not moved for " + WINDOW + " steps.");
        when(
                summary.train().stream()
                        .anyMatch(row ->
                                row.values().containsKey("gradNorm") && !Double.isFinite(row.number("gradNorm"))),
                "A gradient norm was not a number.");
    }

    private void ofEvaluation() {
        fell("correctness", 0.05, "Held-out correctness fell");
        fell("languageConsistency", 0.05, "Language drift: consistency fell");
        fell("formatOk", 0.1, "Format: the share of completions in the right format fell");
    }

    /** A share of what {@code of} counts; a step of an older version without that count stands for {@link #UNCOUNTED}. */
    private void above(List<Row> rows, String name, String of, double limit, String what) {
        double cases = 0;
        for (Row row : rows)
            if (Double.isFinite(row.number(name))) cases += row.number(of) > 0 ? row.number(of) : UNCOUNTED;
        double share = Row.mean(rows, name);
        when(Wilson.of(share, cases).low() > limit, ReadableNumbers.percent1(share) + what);
    }

    /** Alarm if a share fell by more than {@code by} and its 95 % interval excludes no change. */
    private void fell(String name, double by, String what) {
        double before = summary.before().number(name);
        double after = summary.after().number(name);
        double change = Wilson.mostChange(
                before,
                summary.before().number("problems"),
                after,
                summary.after().number("problems"));
        when(
                after < before - by && change < 0,
                what + " from " + ReadableNumbers.percent(before) + " to " + ReadableNumbers.percent(after) + ".");
    }

    private boolean isConstant(String name) {
        return last.stream().mapToDouble(row -> row.number(name)).distinct().count() == 1;
    }

    private void when(boolean condition, String alarm) {
        if (condition) alarms.add(alarm);
    }
}
