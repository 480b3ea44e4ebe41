package io.tramontane.app.report;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a run that were trained again, beside the rows that the run wrote. A step's row has the run's numbers of the
 * batch, which is the same, and the trainer's own numbers of now. One thread at a time.
 */
public final class WhatIf {
    private static final Logger LOG = LoggerFactory.getLogger(WhatIf.class);
    private static final int MOST_LINES = 50;
    private static final Map<String, String> SHOWN = shown();

    /** What nobody measures while batches are trained again. */
    private static final List<String> NOT_MEASURED =
            List.of("mismatchKl", "generatorIdle", "trainerIdle", "verifierIdle", "weightSyncSeconds", "time");

    private static final List<String> OF_SOME_OBJECTIVES =
            List.of("correctionMaskedShare", "correctionBoundShare", "referenceKl");

    private final RunFolder run;
    private final Config config;
    private final RunSummary summary;
    private final Map<Integer, Row> recorded = new TreeMap<>();
    private final List<Row> rows = new ArrayList<>();
    private RunFolder out; // null writes nothing
    private double elapsed;

    private WhatIf(RunFolder run, Config config, RunSummary summary) {
        this.run = run;
        this.config = config;
        this.summary = summary;
        summary.train().forEach(row -> recorded.put(row.step(), row));
    }

    /** Columns of the table by the metric that they show. */
    private static Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("objective", "objective");
        shown.put("entropy", "entropy");
        shown.put("clipLowShare", "clipped low");
        shown.put("clipHighShare", "clipped high");
        shown.put("gradNorm", "gradient norm");
        shown.put("behaviourKl", "behaviour KL");
        return shown;
    }

    /** Reads what a run wrote. Without its rows there is nothing to put beside the new ones, which stops no replay. */
    public static WhatIf of(RunFolder run, Config config) {
        return new WhatIf(run, config, RunSummary.of(rows(run)));
    }

    private static List<Map<String, Object>> rows(RunFolder run) {
        try {
            return MetricsLog.read(run);
        } catch (BadInputException | UncheckedIOException e) {
            LOG.warn(
                    "{} cannot be read: the run's own numbers are left out",
                    run.metrics().name(),
                    e);
            return List.of();
        }
    }

    /** From now on rows go into this folder, which holds nothing yet. */
    public void writeInto(RunFolder folder) {
        try {
            if (!folder.root().list().isEmpty())
                throw new BadInputException("--out " + folder.root().name() + " is not empty: name another folder");
            folder.root().makeFolder();
            folder.checkpoints().makeFolder();
            folder.configYaml().replace(ConfigReader.print(config).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BadInputException("--out " + folder.root().name() + " cannot be written: " + e.getMessage());
        }
        out = folder;
    }

    /** A step was made in so many seconds. */
    public void add(StepReport report, double seconds) {
        elapsed += seconds;
        Row before = recorded.getOrDefault(report.step(), new Row(Map.of()));
        Map<String, Object> row = new LinkedHashMap<>(before.values());
        NOT_MEASURED.forEach(name -> row.put(name, null));
        OF_SOME_OBJECTIVES.forEach(row::remove);
        row.put("kind", "train");
        row.put("step", report.step());
        row.put("policyVersion", report.step());
        row.put("objective", report.objective());
        row.put("entropy", report.entropy());
        row.put("clipLowShare", report.clipLowShare());
        row.put("clipHighShare", report.clipHighShare());
        row.put("behaviourKl", report.behaviourKl());
        row.put("gradNorm", report.gradNorm());
        row.put("learningRate", report.learningRate());
        row.putAll(report.others());
        row.put("seconds", seconds);
        row.put("tokensPerSecond", report.completionTokens() / seconds);
        row.put("elapsedSeconds", elapsed);
        rows.add(new Row(row));
        if (out == null) return;
        try (AppendLog log = AppendLog.open(out.metrics())) {
            log.append(RowFile.line(row) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds of a step here, and what it took the trainer of the run. */
    public String pace() {
        List<Row> then = rows.stream()
                .map(row -> recorded.get(row.step()))
                .filter(row -> row != null)
                .toList();
        double own = then.stream()
                .mapToDouble(row -> row.number("seconds") * (1 - row.number("trainerIdle")))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
        return ReadableNumbers.fixed(Row.mean(rows, "seconds"), 3) + " s a step, in the run the trainer took "
                + ReadableNumbers.fixed(own, 3) + " s";
    }

    /** A clause where the run was resumed before a step, perhaps with another config; empty where it was not. */
    public String resumed(int step) {
        return summary.marks().stream()
                .filter(row -> row.text("kind").equals("start") && row.step() > 0 && row.step() < recorded.size())
                .reduce((first, second) -> second)
                .filter(row -> step <= row.step())
                .map(row -> "; the run was resumed after step " + row.step()
                        + ", and config.yaml is the one that it was resumed with")
                .orElse("");
    }

    /** Recorded and trained again, beside each other; of a long run some steps, and the means of all. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(line("step", SHOWN.values().stream().toList()));
        for (Row row : ReportData.spread(rows, MOST_LINES)) {
            Row before = recorded.getOrDefault(row.step(), new Row(Map.of()));
            lines.add(line(
                    String.valueOf(row.step()),
                    SHOWN.keySet().stream()
                            .map(name -> pair(before.number(name), row.number(name)))
                            .toList()));
        }
        List<Row> then = rows.stream()
                .map(row -> recorded.get(row.step()))
                .filter(row -> row != null)
                .toList();
        lines.add(line(
                "mean",
                SHOWN.keySet().stream()
                        .map(name -> pair(Row.mean(then, name), Row.mean(rows, name)))
                        .toList()));
        lines.add("Each pair: the run | what-if");
        return lines;
    }

    private static String line(String step, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%6s", step));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, "  %21s", cell)));
        return line.toString();
    }

    private static String pair(double before, double now) {
        return number(before) + " | " + number(now);
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : ReadableNumbers.fixed(value, 0);
    }

    /** Writes both runs' curves over each other; returns the file's name. */
    public String writePage(RunFolder folder) {
        return new Comparison(List.of(run, folder), OptionalInt.empty()).writeInto(folder);
    }
}
