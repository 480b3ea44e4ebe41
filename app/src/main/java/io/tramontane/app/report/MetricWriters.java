package io.tramontane.app.report;

import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
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
     * Opens them.
     *
     * @param before the rows of earlier processes: formats that cannot remove a step are written again
     */
    static List<MetricWriter> open(RunFolder folder, ReportConfig config, Clock clock, List<Map<String, Object>> before)
            throws IOException {
        List<MetricWriter> rewritten = new ArrayList<>();
        String name = folder.root().toAbsolutePath().normalize().getFileName().toString();
        Instant start = before.stream().map(MetricWriters::time).findFirst().orElse(clock.instant());
        Map<String, String> values =
                ConfigPaths.of(Files.exists(folder.configYaml()) ? Files.readString(folder.configYaml()) : "");
        if (config.mlflow()) rewritten.add(MlflowRun.begin(folder.root().resolve("mlruns"), name, values, start));
        if (config.wandb()) rewritten.add(WandbRun.begin(folder.root().resolve("wandb"), name, values, start));
        if (config.prometheusPort() > 0) rewritten.add(new PrometheusPage(config.prometheusPort()));
        for (Map<String, Object> row : before) {
            if (!(row.get("step") instanceof Number step)) continue;
            Map<String, Double> scalars = MetricsLog.scalars(row);
            for (MetricWriter writer : rewritten) writer.scalars(time(row), step.longValue(), scalars);
        }
        List<MetricWriter> writers = new ArrayList<>();
        writers.add(EventFile.in(folder.tensorboard(), clock));
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
