package io.tramontane.app.cli;

import io.tramontane.app.report.RunReport;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.run.Sample;
import java.util.List;
import java.util.Map;

/**
 * Passes the events of a run to its report, and so to metrics.jsonl, TensorBoard, the console and the page.
 *
 * @param resume printed when the user interrupted the run
 */
record ReportingListener(RunReport report, String resume) implements RunListener {
    @Override
    public void resumed(int step) {
        report.resumed(step);
    }

    @Override
    public double trainSecondsBefore() {
        return report.trainSeconds();
    }

    @Override
    public void restarted(int step, String line) {
        report.restarted(step, line);
    }

    @Override
    public void stage(int step, String line) {
        report.stage(step, line);
    }

    @Override
    public void evaluating(int step, int done, int total) {
        report.evaluating(step, done, total);
    }

    @Override
    public void problems(int step, List<Map<String, Object>> rows) {
        report.problems(step, rows);
    }

    @Override
    public void group(int step, Map<String, Object> row) {
        report.group(step, row);
    }

    @Override
    public void phase(String what) {
        report.phase(what);
    }

    @Override
    public void message(String line) {
        report.message(line);
    }

    @Override
    public void train(Map<String, Object> row) {
        report.train(row);
    }

    @Override
    public void eval(Map<String, Object> row) {
        report.eval(row);
    }

    @Override
    public void samples(List<Sample> some) {
        report.samples(some);
    }

    @Override
    public void end(Map<String, Object> row) {
        report.end(row);
        if ("interrupted".equals(row.get("reason"))) report.message(resume);
    }
}
