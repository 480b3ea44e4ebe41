package io.tramontane.app.report;

import io.tramontane.rewards.RewardWeights;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The run on the console. On a terminal one line is rewritten in place after every step, and some table rows stay;
 * elsewhere only these rows are printed. One thread at a time.
 */
public final class ConsoleView {
    private static final int BAR = 10;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final Terminal terminal;
    private final ConsoleProgress progress;
    private final int rowEvery;
    private String headingShown = "";
    private String evaluating = "";
    private int quarterPrinted;
    private boolean liveShown;

    /**
     * Nothing shown yet.
     *
     * @param out where to, UTF-8
     * @param terminal what {@code out} can do
     * @param steps the run's last step
     * @param minutes the run's limit; 0 is none
     * @param weights what the parts of the run's reward are worth
     */
    public ConsoleView(PrintStream out, Terminal terminal, int steps, double minutes, RewardWeights weights) {
        this.out = out;
        this.terminal = terminal;
        this.progress = new ConsoleProgress(steps, minutes, weights);
        this.rowEvery = Math.max(1, steps / 10);
    }

    /** On standard output, in UTF-8 whatever the locale says: the samples need it. */
    public static ConsoleView onStandardOutput(int steps, double minutes, RewardWeights weights) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        return new ConsoleView(out, Terminal.detect(), steps, minutes, weights);
    }

    /** What the run does while it makes no steps: "evaluating the cold start". */
    public void phase(String what) {
        if (terminal.interactive()) live(what + " …");
        else print(what);
    }

    /** The run ended with an error, which the caller throws on. */
    void failed(String report) {
        print("The run failed. Report: " + report);
    }

    /** A line that stays, such as a warning. */
    public void message(String line) {
        print(line);
    }

    /** State of a resumed run: the earlier steps count for the means and the time left. */
    void resumed(int step, List<Row> train) {
        train.forEach(progress::add);
        message("resumed at step " + step);
    }

    /** After each step. */
    void train(Row row) {
        progress.add(row);
        if (row.step() == 1 || row.step() % rowEvery == 0) tableRow();
        if (terminal.interactive()) live(liveLine());
    }

    /** The step, and the progress of an evaluation that runs at the same time. */
    private String liveLine() {
        if (evaluating.isEmpty()) return progress.liveLine(terminal.columns() - 1);
        int left = terminal.columns() - 3 - evaluating.length();
        return left < 20 ? evaluating : progress.liveLine(left) + "  " + evaluating;
    }

    /** Progress of an evaluation: a bar on a terminal, elsewhere a line at each quarter. */
    void evaluating(int step, int done, int total) {
        if (terminal.interactive()) {
            evaluating = done >= total ? "" : bar(step, done, total);
            live(progress.isEmpty() && done < total ? evaluating : liveLine());
            return;
        }
        int quarter = 4 * done / Math.max(1, total);
        if (done < total && quarter > quarterPrinted) print("evaluating step " + step + ": " + done + " of " + total);
        quarterPrinted = done < total ? quarter : 0;
    }

    private static String bar(int step, int done, int total) {
        int filled = BAR * done / Math.max(1, total);
        return "evaluating step " + step + " [" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + done + "/"
                + total;
    }

    /** After each evaluation. */
    void eval(Row row) {
        print(String.format(
                Locale.ROOT,
                "%8d  %s correct, %s in one language (%s held-out problems)",
                row.step(),
                terminal.bold(ReadableNumbers.percent1(row.number("correctness"))),
                ReadableNumbers.percent1(row.number("languageConsistency")),
                ReadableNumbers.fixed(row.number("problems"), 0)));
        Row forced = row.inner("forced");
        if (!forced.isEmpty())
            print(" ".repeat(10) + ReadableNumbers.percent1(forced.number("correctness"))
                    + " correct when a detailed thought is forced");
    }

    /** When the run is over. */
    void end(RunSummary summary, List<SamplePairs.Pair> samples, String report) {
        ResultTables tables = new ResultTables(summary, terminal);
        print("");
        print(terminal.bold(summary.headline()));
        Alarms.ofNumbers(summary).forEach(alarm -> paragraph("Look into: " + alarm));
        print("");
        if (!summary.after().isEmpty()) {
            tables.byLanguage().forEach(this::print);
            print("");
            tables.byLevel().forEach(this::print);
            print("");
        }
        tables.samples(samples).forEach(this::print);
        paragraph(summary.pace().sentence());
        summary.audit().ifPresent(audit -> paragraph("Ledger: " + audit.line()));
        print("Report: " + terminal.bold(report.toString()));
    }

    /** Clears the live line. */
    public void close() {
        clear();
        out.flush();
    }

    private void paragraph(String text) {
        PlainText.wrap(text, terminal.columns() - 1, 10).forEach(this::print);
    }

    private void tableRow() {
        String heading = progress.heading();
        if (!heading.equals(headingShown)) print(terminal.dim(heading));
        headingShown = heading;
        print(progress.tableRow());
    }

    private void live(String line) {
        out.print((liveShown ? CLEAR_LINE : "") + line);
        out.flush();
        liveShown = true;
    }

    private void print(String line) {
        clear();
        out.println(line);
    }

    private void clear() {
        if (liveShown) out.print(CLEAR_LINE);
        liveShown = false;
    }
}
