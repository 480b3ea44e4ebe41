package io.tramontane.app.report;

import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.AppendLog;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The run's numbers: each row goes to metrics.jsonl as one line, stamped with time, tokens and wall clock, and to
 * TensorBoard and the other writers as scalars of the same names under the row's kind ({@code train/entropy}, {@code
 * eval/byLanguage/fr}). A row is on disk when {@code append} returns. One thread at a time.
 */
public final class MetricsLog implements AutoCloseable {
    private final StoragePath file;
    private final ReportGuard guard;
    private final Mirror mirror;
    private final List<MetricWriter> writers;
    private final Stamp stamp;
    private final List<String> waiting = new ArrayList<>(); // could not be written yet
    private Opening opening = AppendLog::open;
    private AppendLog log; // null after a failure: opening it again cuts off what was written in part

    private MetricsLog(StoragePath file, ReportGuard guard, Mirror mirror, List<MetricWriter> writers, Stamp stamp) {
        this.file = file;
        this.guard = guard;
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
        return open(folder, config, clock, new ReportGuard());
    }

    private static MetricsLog open(RunFolder folder, ReportConfig config, Clock clock, ReportGuard guard) {
        try {
            List<Map<String, Object>> before = RowFile.readLog(folder.metrics());
            Mirror mirror = Mirror.of(folder);
            List<MetricWriter> writers =
                    MetricWriters.open(new MetricWriters.Target(folder, mirror, guard), config, clock, before);
            MetricsLog log = new MetricsLog(folder.metrics(), guard, mirror, writers, new Stamp(clock, before));
            guard.attempt(folder.metrics().name(), log::write); // cuts off an incomplete last line
            return log;
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

    /** The same; hears of lines that are left out because they are no rows. */
    public static MetricsLog resume(RunFolder folder, int step, ReportConfig config, Consumer<String> tell) {
        return resume(folder, step, config, Clock.systemUTC(), tell);
    }

    static MetricsLog resume(RunFolder folder, int step, ReportConfig config, Clock clock) {
        return resume(folder, step, config, clock, line -> {});
    }

    private static MetricsLog resume(
            RunFolder folder, int step, ReportConfig config, Clock clock, Consumer<String> tell) {
        ReportGuard guard = new ReportGuard();
        guard.tell(tell);
        try {
            List<RowFile.Unreadable> unreadable = new ArrayList<>();
            List<Map<String, Object>> rows = RowFile.readLog(folder.metrics(), unreadable::add);
            RowFile.keep(folder.metrics(), unreadable, tell);
            rows.removeIf(row -> !(row.get("step") instanceof Number at) || at.intValue() > step);
            AppendLog.replace(
                    folder.metrics(),
                    rows.stream().map(row -> RowFile.line(row) + "\n").toList());
            MetricsLog log = open(folder, config, clock, guard);
            for (MetricWriter writer : log.writers) guard.attempt(name(writer), () -> writer.restartAt(step + 1L));
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

    /** Opens the file. */
    interface Opening {
        AppendLog open(StoragePath file) throws IOException;
    }

    /** Opens it otherwise from now on: a test has no full disk. */
    void reopen(Opening by) {
        guard.attempt(file.name(), () -> log.close());
        log = null;
        opening = by;
    }

    /** Where the user reads that something cannot be written. */
    void tell(Consumer<String> user) {
        guard.tell(user);
    }

    /**
     * Adds a row, which must have the names of its kind in {@link MetricNames}; returns it as it is written. One that cannot be
     * written now is written before the next one.
     */
    public Map<String, Object> append(Map<String, Object> row) {
        MetricNames.check(row);
        Map<String, Object> stamped = stamp.on(row);
        waiting.add(RowFile.line(stamped) + "\n");
        guard.attempt(file.name(), this::write);
        for (MetricWriter writer : writers) guard.attempt(name(writer), () -> pass(writer, row, stamped));
        if (!row.get("kind").equals("train")) guard.attempt("the copy of TensorBoard's files", mirror::upload);
        return stamped;
    }

    private void write() throws IOException {
        if (log == null) log = opening.open(file);
        try {
            while (!waiting.isEmpty()) {
                log.append(waiting.get(0));
                waiting.remove(0);
            }
            if (mirror.isRemote()) log.commit();
        } catch (IOException | RuntimeException e) {
            AppendLog broken = log;
            log = null;
            try {
                broken.close();
            } catch (IOException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void pass(MetricWriter writer, Map<String, Object> row, Map<String, Object> stamped) throws IOException {
        if (row.get("kind").equals("end")) {
            String reason = new Row(row).text("reason");
            writer.end(stamp.now(), reason, RunSummary.isFailure(reason));
        } else if (row.get("step") instanceof Number step) {
            writer.scalars(stamp.now(), step.longValue(), scalars(stamped));
        }
    }

    private static String name(MetricWriter writer) {
        return "the file of " + writer.getClass().getSimpleName();
    }

    /** Seconds of training, from the rows of a run. */
    public static double trainSeconds(RunFolder folder) {
        return RunSummary.of(read(folder)).trainSeconds();
    }

    @Override
    public void close() {
        for (MetricWriter writer : writers) guard.attempt(name(writer), writer::close);
        guard.attempt(file.name(), () -> {
            write();
            log.close();
            log = null;
        });
        guard.attempt("the copy of TensorBoard's files", mirror::close);
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
