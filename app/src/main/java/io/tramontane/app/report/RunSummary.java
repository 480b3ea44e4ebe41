package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came out of a run so far, from its metric rows.
 *
 * @param train one row a step, by step
 * @param eval evaluations, by step
 * @param marks rows of kind "start" and "event", as they came: where the run started, went on, or failed
 * @param end the last row; empty while the run is unfinished
 */
record RunSummary(List<Row> train, List<Row> eval, List<Row> marks, Row end) {
    private static final Row NOTHING = new Row(Map.of());
    private static final String FAILED = "failed: ";

    /** Sorts rows by kind; where a resumed run wrote a step again, the later row counts. */
    static RunSummary of(List<Map<String, Object>> rows) {
        TreeMap<Integer, Row> train = new TreeMap<>();
        TreeMap<Integer, Row> eval = new TreeMap<>();
        List<Row> marks = new ArrayList<>();
        Row end = NOTHING;
        for (Map<String, Object> values : rows) {
            Row row = new Row(values);
            switch (row.text("kind")) {
                case "train" -> train.put(row.step(), row);
                case "eval" -> eval.put(row.step(), row);
                case "start", "event" -> marks.add(row);
                case "end" -> end = row;
                default -> {} // a later version's row: nothing that this page shows
            }
        }
        return new RunSummary(new ArrayList<>(train.values()), new ArrayList<>(eval.values()), marks, end);
    }

    /** The evaluation before training; empty if there was none. */
    Row before() {
        return !eval.isEmpty() && eval.get(0).step() == 0 ? eval.get(0) : NOTHING;
    }

    /** The newest evaluation of a trained policy; empty if there was none. */
    Row after() {
        Row last = eval.isEmpty() ? NOTHING : eval.get(eval.size() - 1);
        return last.step() == 0 ? NOTHING : last;
    }

    /** The untouched cold start when the opening of a detailed thought is forced; empty if it was not measured. */
    Row forced() {
        return before().inner("forced");
    }

    /** True for the reason of an "end" row that tells of an error. */
    static boolean isFailure(String reason) {
        return reason.startsWith(FAILED);
    }

    /** Why the run failed; empty when it did not, or went on since. */
    Optional<String> failure() {
        String reason = end.text("reason");
        if (isFailure(reason)) return Optional.of(reason.substring(FAILED.length()));
        Row last = marks.isEmpty() ? NOTHING : marks.get(marks.size() - 1);
        return last.text("event").equals("failure") ? Optional.of(last.text("detail")) : Optional.empty();
    }

    /** The newest "start" row; empty in runs of older versions. */
    Row start() {
        return marks.stream()
                .filter(row -> row.text("kind").equals("start"))
                .reduce((first, second) -> second)
                .orElse(NOTHING);
    }

    boolean isFinished() {
        return !end.isEmpty();
    }

    /** Steps done. */
    int steps() {
        return train.isEmpty() ? 0 : train.get(train.size() - 1).step();
    }

    /** Seconds of training, evaluation apart. */
    double trainSeconds() {
        double stated = end.number("trainSeconds");
        return Double.isFinite(stated)
                ? stated
                : train.stream()
                        .mapToDouble(row -> row.number("seconds"))
                        .filter(Double::isFinite)
                        .sum();
    }

    /** Steady state: the second half of the steps. */
    Pace pace() {
        return Pace.of(train.subList(train.size() / 2, train.size()));
    }

    /** The verdict in one sentence. */
    String headline() {
        if (eval.isEmpty()) return steps() + " steps trained, not evaluated yet";
        if (after().isEmpty())
            return "Cold start: correctness " + Numbers.percent(before().number("correctness"))
                    + ", language consistency " + Numbers.percent(before().number("languageConsistency"));
        return "Correctness " + change("correctness") + ", language consistency " + change("languageConsistency")
                + (isFinished()
                        ? ", in " + Numbers.duration(trainSeconds())
                        : ", so far (step " + after().step() + ")");
    }

    /** What became of every group; empty while the run is unfinished. */
    Optional<LedgerAudit> audit() {
        Row ledger = end.inner("ledger");
        return ledger.isEmpty() ? Optional.empty() : Optional.of(LedgerAudit.of(ledger));
    }

    private String change(String name) {
        String after = Numbers.percent(after().number(name));
        return before().isEmpty() ? after : Numbers.percent(before().number(name)) + " → " + after;
    }
}
