package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The results of a run as lines of at most 80 columns (longer only for samples on a wider terminal). */
final class ResultTables {
    private static final int SAMPLE_LINES = 5;
    private static final String FORCED =
            "forced = the cold start before training, with the opening of a detailed thought forced:"
                    + " the gain of choosing another behaviour. More than that is learned skill.";

    private final RunSummary summary;
    private final Terminal terminal;

    ResultTables(RunSummary summary, Terminal terminal) {
        this.summary = summary;
        this.terminal = terminal;
    }

    /** By language: correctness and language consistency, before and after. */
    List<String> byLanguage() {
        Row before = summary.before();
        Row after = summary.after();
        List<String> lines = new ArrayList<>();
        lines.add(terminal.dim("                       correct                    in one language"));
        lines.add(terminal.dim("              before     after    change        before     after"));
        for (String code :
                after.numbers("byLanguage").keySet().stream().sorted().toList())
            lines.add(languageLine(
                    ReadableNumbers.language(code),
                    new double[] {value(before, "byLanguage", code), value(after, "byLanguage", code)},
                    new double[] {value(before, "languageByLanguage", code), value(after, "languageByLanguage", code)
                    }));
        lines.add(terminal.bold(languageLine(
                "all",
                new double[] {before.number("correctness"), after.number("correctness")},
                new double[] {before.number("languageConsistency"), after.number("languageConsistency")})));
        return lines;
    }

    /** By level: correctness before, with a detailed thought forced, and after. */
    List<String> byLevel() {
        Row before = summary.before();
        Row after = summary.after();
        Map<String, Double> forced = summary.forced().numbers("byLevel");
        List<String> lines = new ArrayList<>();
        lines.add(terminal.dim("              before    forced     after    change"));
        for (String level : sortedLevels(after))
            lines.add(levelLine(
                    "level " + level,
                    value(before, "byLevel", level),
                    forced.getOrDefault(level, Double.NaN),
                    value(after, "byLevel", level)));
        lines.add(terminal.bold(levelLine(
                "all",
                before.number("correctness"),
                summary.forced().number("correctness"),
                after.number("correctness"))));
        if (!summary.forced().isEmpty())
            PlainText.wrap(FORCED, terminal.columns() - 1, 3).forEach(line -> lines.add(terminal.dim(line)));
        return lines;
    }

    /** 2 before 10. */
    private static List<String> sortedLevels(Row row) {
        return row.numbers("byLevel").keySet().stream()
                .sorted(Comparator.comparing(String::length).thenComparing(level -> level))
                .toList();
    }

    /** Completions of the same problems before and after. */
    List<String> samples(List<SamplePairs.Pair> pairs) {
        List<String> lines = new ArrayList<>();
        for (SamplePairs.Pair pair : pairs) {
            Row problem = pair.before();
            String about = ReadableNumbers.language(problem.text("language")) + ", level "
                    + ReadableNumbers.fixed(problem.number("level"), 0) + ": ";
            String answer = problem.text("answer").isEmpty() ? "" : "  [answer " + problem.text("answer") + "]";
            PlainText.wrap(PlainText.clean(about + problem.text("statement") + answer), terminal.columns() - 1, 4)
                    .forEach(line -> lines.add(terminal.bold(line)));
            completion("before", pair.before(), lines);
            completion("after", pair.after(), lines);
            lines.add("");
        }
        return lines;
    }

    private void completion(String when, Row sample, List<String> lines) {
        String verdict = sample.text("verdict");
        String head = PlainText.padRight("  " + when, 10)
                + (verdict.equals("CORRECT") ? terminal.good(verdict) : terminal.bad(verdict));
        int columns = terminal.columns() - 11;
        lines.add(head + terminal.dim(" (" + ReadableNumbers.fixed(sample.number("length"), 0) + " tokens)"));
        PlainText.wrap(PlainText.clean(sample.text("completion")), columns, SAMPLE_LINES)
                .forEach(line -> lines.add(" ".repeat(10) + line));
    }

    private static String languageLine(String name, double[] correct, double[] language) {
        return PlainText.padRight(name, 11)
                + PlainText.padLeft(ReadableNumbers.percent1(correct[0]), 9)
                + PlainText.padLeft(ReadableNumbers.percent1(correct[1]), 10)
                + PlainText.padLeft(ReadableNumbers.points(correct[0], correct[1]), 10)
                + PlainText.padLeft(ReadableNumbers.percent1(language[0]), 14)
                + PlainText.padLeft(ReadableNumbers.percent1(language[1]), 10);
    }

    private static String levelLine(String name, double before, double forced, double after) {
        return PlainText.padRight(name, 11)
                + PlainText.padLeft(ReadableNumbers.percent1(before), 9)
                + PlainText.padLeft(ReadableNumbers.percent1(forced), 10)
                + PlainText.padLeft(ReadableNumbers.percent1(after), 10)
                + PlainText.padLeft(ReadableNumbers.points(before, after), 10);
    }

    private static double value(Row row, String map, String key) {
        return row.numbers(map).getOrDefault(key, Double.NaN);
    }
}
