package io.tramontane.app.report;

import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens the writers that a config selects. */
public final class MetricWriters {
    private MetricWriters() {}

    /** Refuses a port that is taken, before anything is made. */
    public static void checkPort(ReportConfig config) {
        if (config.prometheusPort() > 0) Loopback.check("report.prometheusPort", config.prometheusPort());
    }

    /**
     * Where they write.
     *
     * @param folder of the run
     * @param mirror its files on this machine
     * @param guard hears of what cannot be written
     */
    record Target(RunFolder folder, Mirror mirror, ReportGuard guard) {}

    /**
     * Opens them.
     *
     * @param before the rows of earlier processes: formats that cannot remove a step are written again
     */
    static List<MetricWriter> open(Target target, ReportConfig config, Clock clock, List<Map<String, Object>> before)
            throws IOException {
        RunFolder folder = target.folder();
        Mirror mirror = target.mirror();
        List<MetricWriter> rewritten = new ArrayList<>();
        String name = folder.name();
        Instant start = before.stream().map(MetricWriters::time).findFirst().orElse(clock.instant());
        Map<String, String> values = ConfigPaths.of(folder);
        ReportGuard guard = target.guard();
        if (config.mlflow())
            guard.attempt("mlruns", () -> rewritten.add(MlflowRun.begin(mirror.folder("mlruns"), name, values, start)));
        if (config.wandb())
            guard.attempt("wandb", () -> rewritten.add(WandbRun.begin(mirror.folder("wandb"), name, values, start)));
        if (config.prometheusPort() > 0) rewritten.add(new PrometheusPage(config.prometheusPort()));
        List<MetricWriter> writers = new ArrayList<>();
        guard.attempt("tensorboard", () -> {
            EventFile events = EventFile.in(mirror.emptied("tensorboard"), clock);
            (mirror.isRemote() ? rewritten : writers).add(events);
        });
        for (Map<String, Object> row : before) {
            if (!(row.get("step") instanceof Number step)) continue;
            Map<String, Double> scalars = MetricsLog.scalars(row);
            for (MetricWriter writer : rewritten)
                guard.attempt("the file of earlier steps", () -> writer.scalars(time(row), step.longValue(), scalars));
        }
        writers.addAll(rewritten);
        return writers;
    }

    /** When a row was written; the epoch for rows of older versions. */
    private static Instant time(Map<String, Object> row) {
        try {
            return Instant.parse(new Row(row).text("time"));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
