package io.tramontane.app.report;

import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.AppendLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The run's numbers: each row goes to metrics.jsonl as one line, stamped with time, tokens and wall clock, and to
 * TensorBoard and the other writers as scalars of the same names under the row's kind ({@code train/entropy}, {@code
 * eval/byLanguage/fr}). A row is on disk when {@code append} returns. One thread at a time.
 */
public final class MetricsLog implements AutoCloseable {
    private final AppendLog log;
    private final Mirror mirror;
    private final List<MetricWriter> writers;
    private final Stamp stamp;

    private MetricsLog(AppendLog log, Mirror mirror, List<MetricWriter> writers, Stamp stamp) {
        this.log = log;
        this.mirror = mirror;
        this.writers = writers;
        this.stamp = stamp;
    }

    /** For a new run, with no writer but TensorBoard's. */
    public static MetricsLog open(RunFolder folder) {
        return open(folder, ReportConfig.defaults());
    }

    /** For a new run. */
    public static MetricsLog open(RunFolder folder, ReportConfig config) {
        return open(folder, config, Clock.systemUTC());
    }

    static MetricsLog open(RunFolder folder, ReportConfig config, Clock clock) {
        try {
            List<Map<String, Object>> before = RowFile.readLog(folder.metrics());
            Mirror mirror = Mirror.of(folder);
            List<MetricWriter> writers =
                    MetricWriters.open(new MetricWriters.Target(folder, mirror), config, clock, before);
            return new MetricsLog(AppendLog.open(folder.metrics()), mirror, writers, new Stamp(clock, before));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same as {@link #resume(RunFolder, int, ReportConfig)} with no writer but TensorBoard's. */
    public static MetricsLog resume(RunFolder folder, int step) {
        return resume(folder, step, ReportConfig.defaults());
    }

    /**
     * For a run that continues from the checkpoint of {@code step}: rows of later steps and the "end" row are removed,
     * since those steps are trained again.
     */
    public static MetricsLog resume(RunFolder folder, int step, ReportConfig config) {
        return resume(folder, step, config, Clock.systemUTC());
    }

    static MetricsLog resume(RunFolder folder, int step, ReportConfig config, Clock clock) {
        try {
            List<Map<String, Object>> rows = RowFile.readLog(folder.metrics());
            rows.removeIf(row -> !(row.get("step") instanceof Number at) || at.intValue() > step);
            AppendLog.replace(
                    folder.metrics(),
                    rows.stream().map(row -> RowFile.line(row) + "\n").toList());
            MetricsLog log = open(folder, config, clock);
            for (MetricWriter writer : log.writers) writer.restartAt(step + 1L);
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All whole rows written so far; an incomplete last line is skipped. */
    public static List<Map<String, Object>> read(RunFolder folder) {
        try {
            return RowFile.readLog(folder.metrics());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a row, which must have the names of its kind in {@link MetricNames}; returns it as it was written. */
    public Map<String, Object> append(Map<String, Object> row) {
        MetricNames.check(row);
        Map<String, Object> stamped = stamp.on(row);
        try {
            log.append(RowFile.line(stamped) + "\n");
            if (mirror.isRemote()) log.commit();
            if (row.get("kind").equals("end")) {
                String reason = new Row(row).text("reason");
                for (MetricWriter writer : writers) writer.end(stamp.now(), reason, RunSummary.isFailure(reason));
            } else if (row.get("step") instanceof Number step) {
                Map<String, Double> scalars = scalars(stamped);
                for (MetricWriter writer : writers) writer.scalars(stamp.now(), step.longValue(), scalars);
            }
            if (!row.get("kind").equals("train")) mirror.upload();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stamped;
    }

    /** Seconds of training, from the rows of a run. */
    public static double trainSeconds(RunFolder folder) {
        return RunSummary.of(read(folder)).trainSeconds();
    }

    @Override
    public void close() {
        try {
            for (MetricWriter writer : writers) writer.close();
            log.close();
            mirror.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Double> scalars(Map<String, Object> row) {
        Map<String, Double> scalars = new LinkedHashMap<>();
        row.forEach((name, value) -> {
            if (!name.equals("step")) flatten(row.get("kind") + "/" + name, value, scalars);
        });
        return scalars;
    }

    private static void flatten(String tag, Object value, Map<String, Double> into) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue()))
            into.put(tag, number.doubleValue());
        if (value instanceof Map<?, ?> map) map.forEach((key, inner) -> flatten(tag + "/" + key, inner, into));
    }
}
