package io.tramontane.app.report;

import io.tramontane.cluster.evaluation.Estimate;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/** Several runs beside each other: their curves, what their configs differ in, and how their evaluations differ from the first's. */
public final class Comparison {
    private static final int MOST_POINTS = 600;
    private static final List<String> PROGRAM = List.of("tables.js", "charts.js", "compare.js");

    private final List<ComparedRun> runs = new ArrayList<>();

    /** One run. */
    private record ComparedRun(String name, RunSummary summary, Map<String, String> config, RunEvaluation evaluation) {}

    /**
     * Reads the runs.
     *
     * @param folders the first one is what the others are compared with
     * @param step which evaluation; the newest of each run where it is empty
     */
    public Comparison(List<RunFolder> folders, OptionalInt step) {
        List<String> names = names(folders);
        for (int i = 0; i < folders.size(); i++) {
            RunFolder folder = folders.get(i);
            RunSummary summary = RunSummary.of(MetricsLog.read(folder));
            runs.add(new ComparedRun(names.get(i), summary, config(folder), RunEvaluation.of(folder, summary, step)));
        }
    }

    /** The folders' names, or, where two are the same, the paths as they were given. */
    private static List<String> names(List<RunFolder> folders) {
        List<String> names = folders.stream().map(f -> f.name()).toList();
        return names.stream().distinct().count() == names.size()
                ? names
                : folders.stream().map(f -> f.root().name()).toList();
    }

    private static Map<String, String> config(RunFolder folder) {
        try {
            return ConfigPaths.of(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys with more than one value, each with a value for every run; "–" where a run does not have the key. */
    Map<String, List<String>> configDifference() {
        TreeSet<String> keys = new TreeSet<>();
        runs.forEach(run -> keys.addAll(run.config().keySet()));
        Map<String, List<String>> differences = new TreeMap<>();
        for (String key : keys) {
            List<String> values = runs.stream()
                    .map(run -> run.config().getOrDefault(key, "–"))
                    .toList();
            if (values.stream().distinct().count() > 1) differences.put(key, values);
        }
        return differences;
    }

    /** Of each run after the first, against the first; empty where an evaluation is missing. */
    List<Optional<EvaluationDifference>> differences() {
        return runs.stream()
                .skip(1)
                .map(run -> EvaluationDifference.of(runs.get(0).evaluation(), run.evaluation()))
                .toList();
    }

    /** As lines of text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ComparedRun run : runs) lines.add(run.name() + ": " + headline(run));
        lines.add("");
        List<Optional<EvaluationDifference>> differences = differences();
        for (int i = 0; i < differences.size(); i++) {
            String who = runs.get(i + 1).name() + " against " + runs.get(0).name() + ": ";
            lines.add(who + differences.get(i).map(Comparison::sentence).orElse("no evaluation to compare"));
        }
        lines.add("");
        Map<String, List<String>> config = configDifference();
        lines.add(config.isEmpty() ? "The configurations are the same." : "Configuration, where it differs:");
        config.forEach((key, values) -> lines.add("  " + key + ": " + String.join(" | ", values)));
        return lines;
    }

    private static String headline(ComparedRun run) {
        Row row = run.evaluation().row();
        String failed = run.summary().failure().map(why -> ", FAILED: " + why).orElse("");
        if (row.isEmpty()) return run.summary().steps() + " steps, not evaluated" + failed;
        return "correctness " + ReadableNumbers.percent1(row.number("correctness")) + ", language consistency "
                + ReadableNumbers.percent1(row.number("languageConsistency")) + " at step " + row.step() + " of "
                + run.summary().steps() + " (" + ReadableNumbers.fixed(row.number("problems"), 0) + " problems)"
                + failed;
    }

    private static String sentence(EvaluationDifference difference) {
        return "correctness " + points(difference.correctness()) + ", language consistency "
                + points(difference.inOneLanguage())
                + (difference.paired()
                        ? "; " + difference.problems() + " problems in both, " + difference.better() + " better, "
                                + difference.worse() + " worse"
                        : "; not paired, since the results of each problem were not kept or the problems differ");
    }

    private static String points(Estimate change) {
        String interval = change.hasInterval()
                ? " [" + ReadableNumbers.points(0, change.low()) + ", " + ReadableNumbers.points(0, change.high()) + "]"
                : " (one problem: no interval)";
        return ReadableNumbers.points(0, change.value()) + " points" + interval;
    }

    /** As one JSON object. */
    public String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("runs", runs.stream().map(Comparison::numbers).toList());
        json.put("config", configDifference());
        List<Map<String, Object>> list = new ArrayList<>();
        List<Optional<EvaluationDifference>> differences = differences();
        for (int i = 0; i < differences.size(); i++) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("run", runs.get(i + 1).name());
            each.put("against", runs.get(0).name());
            differences.get(i).ifPresent(d -> each.putAll(d.toMap()));
            list.add(each);
        }
        json.put("differences", list);
        return RowFile.line(json);
    }

    private static Map<String, Object> numbers(ComparedRun run) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("name", run.name());
        numbers.put("steps", run.summary().steps());
        numbers.put("failure", run.summary().failure().orElse(null));
        Row row = run.evaluation().row();
        if (row.isEmpty()) return numbers;
        numbers.put("evaluationStep", row.step());
        for (String name : List.of(
                "problems", "correctness", "correctnessLow", "correctnessHigh", "languageConsistency", "lengthMean"))
            numbers.put(name, row.number(name));
        return numbers;
    }

    /** Writes the page. */
    public void write(Path file) {
        write(new LocalStorage(file));
    }

    /** Writes the page into a run folder; returns its name. */
    String writeInto(RunFolder folder) {
        StoragePath page = folder.root().child("compare.html");
        write(page);
        return page.name();
    }

    private void write(StoragePath file) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("runs", runs.stream().map(Comparison::curves).toList());
        data.put("config", configDifference());
        data.put(
                "lines",
                lines().stream()
                        .takeWhile(line -> !line.startsWith("Config") && !line.startsWith("The config"))
                        .toList());
        String title = String.join(", ", runs.stream().map(ComparedRun::name).toList());
        try {
            file.replace(
                    ReportPage.page("compare.html", title, PROGRAM, data, "").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Columns by name, and each evaluation with the tokens and seconds at which its step was made. */
    private static Map<String, Object> curves(ComparedRun run) {
        Map<String, Object> curves = new LinkedHashMap<>();
        curves.put("name", run.name());
        curves.put("failure", run.summary().failure().orElse(null));
        curves.put("train", ReportData.columns(ReportData.spread(run.summary().train(), MOST_POINTS)));
        List<Map<String, Object>> evaluations = new ArrayList<>();
        for (Row eval : run.summary().eval()) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("step", eval.step());
            for (String name : List.of("tokens", "elapsedSeconds"))
                point.put(name, at(run.summary(), eval.step(), name));
            for (String name :
                    List.of("correctness", "correctnessLow", "correctnessHigh", "languageConsistency", "lengthMean"))
                point.put(name, eval.number(name));
            evaluations.add(point);
        }
        curves.put("eval", evaluations);
        return curves;
    }

    private static double at(RunSummary summary, int step, String name) {
        if (step == 0) return 0;
        return summary.train().stream()
                .filter(row -> row.step() == step)
                .mapToDouble(row -> row.number(name))
                .findFirst()
                .orElse(Double.NaN);
    }
}
