package io.tramontane.cluster.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The run's numbers: each row goes to metrics.jsonl as one line and to TensorBoard as scalars of the same names under
 * the row's kind ({@code train/entropy}, {@code eval/byLanguage/fr}). A row is on disk when {@code append} returns. One
 * thread at a time.
 */
public final class MetricsLog implements AutoCloseable {
    private final Path file;
    private final EventFile events;

    private MetricsLog(Path file, EventFile events) {
        this.file = file;
        this.events = events;
    }

    /** For a new run. */
    public static MetricsLog open(RunFolder folder) {
        return open(folder, Clock.systemUTC());
    }

    static MetricsLog open(RunFolder folder, Clock clock) {
        try {
            return new MetricsLog(folder.metrics(), EventFile.in(folder.tensorboard(), clock));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * For a run that goes on from the checkpoint of {@code step}: rows of later steps and the "end" row leave the file,
     * since those steps are trained again.
     */
    public static MetricsLog resume(RunFolder folder, int step) {
        return resume(folder, step, Clock.systemUTC());
    }

    static MetricsLog resume(RunFolder folder, int step, Clock clock) {
        try {
            List<Map<String, Object>> rows = JsonLines.read(folder.metrics());
            rows.removeIf(row -> !(row.get("step") instanceof Number at) || at.intValue() > step);
            JsonLines.replace(folder.metrics(), rows);
            MetricsLog log = open(folder, clock);
            log.events.restartAt(step + 1L);
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All whole rows written so far; a torn last line is not there. */
    public static List<Map<String, Object>> read(RunFolder folder) {
        try {
            return JsonLines.read(folder.metrics());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a row: {@code kind} is "train", "eval" or "end" and has all the names of design.md section 6. */
    public void append(Map<String, Object> row) {
        MetricNames.check(row);
        try {
            JsonLines.append(file, List.of(row));
            if (row.get("step") instanceof Number step) events.scalars(step.longValue(), scalars(row));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds of training that the rows of a run tell of. */
    public static double trainSeconds(RunFolder folder) {
        return RunSummary.of(read(folder)).trainSeconds();
    }

    @Override
    public void close() {
        try {
            events.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Float> scalars(Map<String, Object> row) {
        Map<String, Float> scalars = new LinkedHashMap<>();
        row.forEach((name, value) -> {
            if (!name.equals("step")) flatten(row.get("kind") + "/" + name, value, scalars);
        });
        return scalars;
    }

    private static void flatten(String tag, Object value, Map<String, Float> into) {
        if (value instanceof Number number) into.put(tag, number.floatValue());
        if (value instanceof Map<?, ?> map) map.forEach((key, inner) -> flatten(tag + "/" + key, inner, into));
    }
}
