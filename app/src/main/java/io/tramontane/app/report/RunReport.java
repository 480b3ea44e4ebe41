package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The output of a run for its user: rows and samples come in while the run makes them, and go to metrics.jsonl,
 * TensorBoard, samples/, the console and report.html. Safe to call from any thread.
 */
public final class RunReport implements AutoCloseable {
    private final RunFolder folder;
    private final MetricsLog metrics;
    private final SampleLog samples;
    private final ConsoleView console;
    private final ReportGuard guard = new ReportGuard();

    /** Takes over the log and the console; {@link #close} closes both. */
    public RunReport(RunFolder folder, MetricsLog metrics, ConsoleView console) {
        this.folder = folder;
        this.metrics = metrics;
        this.samples = new SampleLog(folder);
        this.console = console;
        metrics.tell(this::message);
        guard.tell(this::message);
    }

    /** The run resumes from {@code step}; metrics must have been opened with {@link MetricsLog#resume}. */
    public synchronized void resumed(int step) {
        guard.attempt(folder.samples().name(), () -> samples.cutAfter(step, this::message));
        guard.attempt(folder.evaluations().name(), () -> EvaluationLog.cutAfter(folder, step));
        console.resumed(step, summary().train());
    }

    /** Seconds of training so far, from the rows. */
    public double trainSeconds() {
        return MetricsLog.trainSeconds(folder);
    }

    /** The process starts, kind "start". */
    public synchronized void started(Map<String, Object> row) {
        metrics.append(row);
    }

    /** The trainer continues from a checkpoint after an error. */
    public synchronized void restarted(int step, String line) {
        console.message(line);
        event(step, "restart", line);
    }

    /** Another stage of the schedule begins with this step. */
    public synchronized void stage(int step, String line) {
        console.message(line);
        event(step, "stage", line);
    }

    /** The run ends with an error for which it wrote no "end" row. */
    public synchronized void failed(Throwable cause) {
        RunSummary summary = summary();
        if (summary.failure().isPresent()) return; // the "end" row and the page have it
        event(summary.steps(), "failure", String.valueOf(cause.getMessage()));
        page();
        console.failed(folder.report().name());
    }

    private void event(int step, String event, String detail) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "event");
        row.put("step", step);
        row.put("event", event);
        row.put("detail", detail);
        metrics.append(row);
    }

    /** {@code done} of {@code total} problems of an evaluation are finished. */
    public synchronized void evaluating(int step, int done, int total) {
        console.evaluating(step, done, total);
    }

    /** The results of each problem of an evaluation. */
    public synchronized void problems(int step, List<Map<String, Object>> rows) {
        guard.attempt(folder.evaluations().name(), () -> EvaluationLog.write(folder, step, rows));
    }

    /** One whole group of a step, token by token. */
    public synchronized void group(int step, Map<String, Object> row) {
        guard.attempt(folder.samples().name(), () -> samples.group(step, row));
    }

    /** What the run does while it makes no steps. */
    public synchronized void phase(String what) {
        console.phase(what);
    }

    /** A line that the user must see, such as a warning. */
    public synchronized void message(String line) {
        console.message(line);
    }

    /** After each step, kind "train". */
    public synchronized void train(Map<String, Object> row) {
        console.train(new Row(metrics.append(row)));
    }

    /** After each evaluation, kind "eval"; the page is written again, so that it shows a running run. */
    public synchronized void eval(Map<String, Object> row) {
        metrics.append(row);
        console.eval(new Row(row));
        page();
    }

    /** Samples for samples/ and the page. */
    public synchronized void samples(List<Sample> some) {
        guard.attempt(folder.samples().name(), () -> samples.append(some));
    }

    /** When the run is over, kind "end". */
    public synchronized void end(Map<String, Object> row) {
        metrics.append(row);
        page();
        List<SamplePairs.Pair> pairs = new ArrayList<>();
        guard.attempt(folder.samples().name(), () -> pairs.addAll(SamplePairs.of(SampleLog.read(folder))));
        console.end(summary(), SamplePairs.pick(pairs), folder.report().name());
    }

    private void page() {
        guard.attempt(folder.report().name(), () -> ReportPage.write(folder));
    }

    private RunSummary summary() {
        List<Map<String, Object>> rows = new ArrayList<>();
        guard.attempt(folder.metrics().name(), () -> rows.addAll(MetricsLog.read(folder)));
        return RunSummary.of(rows);
    }

    @Override
    public synchronized void close() {
        console.close();
        metrics.close();
    }
}
