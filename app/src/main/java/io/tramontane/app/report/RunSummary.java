package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The results of a run so far, from its metric rows.
 *
 * @param train one row a step, by step
 * @param eval evaluations, by step
 * @param marks rows of kind "start" and "event", in their order: starts, resumes, restarts, stages and failures
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
                default -> {} // a row of a later version: not shown
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

    /** The cold start before training with the opening of a detailed thought forced; empty if it was not measured. */
    Row forced() {
        return before().inner("forced");
    }

    /** True if the reason of an "end" row is an error. */
    static boolean isFailure(String reason) {
        return reason.startsWith(FAILED);
    }

    /** Why the run failed; empty if it did not, or was resumed since. */
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

    /** Seconds of training, without evaluation. */
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

    /** The result in one sentence. */
    String headline() {
        if (eval.isEmpty()) return steps() + " steps trained, not evaluated yet";
        if (after().isEmpty())
            return "Cold start: correctness " + ReadableNumbers.percent(before().number("correctness"))
                    + ", language consistency " + ReadableNumbers.percent(before().number("languageConsistency"));
        return "Correctness " + change("correctness") + ", language consistency " + change("languageConsistency")
                + (isFinished()
                        ? ", in " + ReadableNumbers.duration(trainSeconds())
                        : ", so far (step " + after().step() + ")");
    }

    /** Outcome of every group; empty while the run is unfinished. */
    Optional<LedgerAudit> audit() {
        Row ledger = end.inner("ledger");
        return ledger.isEmpty() ? Optional.empty() : Optional.of(LedgerAudit.of(ledger));
    }

    private String change(String name) {
        String after = ReadableNumbers.percent(after().number(name));
        return before().isEmpty() ? after : ReadableNumbers.percent(before().number(name)) + " → " + after;
    }
}
