package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.rewards.RewardWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The data of the page: the run's numbers as columns, and samples up to a limit. Pairs of held-out problems come first,
 * then training samples at even distances over the run.
 */
final class ReportData {
    /** Characters of samples in one page; more make it slow to open. The rest stays in samples/. */
    private static final long SAMPLE_BUDGET = 4_000_000;

    private static final long GROUP_BUDGET = 2_000_000;
    private static final int MOST_GROUPS = 20;
    private static final int LONGEST_TEXT = 20_000;
    private static final int MOST_POINTS = 1_000;

    private final RunFolder folder;
    private final RunSummary summary;

    ReportData(RunFolder folder) {
        this.folder = folder;
        this.summary = RunSummary.of(MetricsLog.read(folder));
    }

    String title() {
        return folder.name();
    }

    Map<String, Object> toMap() throws IOException {
        String yaml = ConfigPaths.text(folder);
        Map<String, String> config = ConfigPaths.of(yaml);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("title", title());
        data.put("headline", summary.headline());
        data.put("about", new RunFacts(config, summary.start()).facts(summary));
        data.put("evaluationMode", RunFacts.evaluationMode(config));
        data.put("rewardWeights", weights(RunFacts.weights(config)));
        data.put("evaluationInTraining", summary.start().values().get("evaluationInTraining"));
        data.put("failure", summary.failure().orElse(null));
        data.put("marks", TimeMarks.of(summary, folder.checkpointSteps()));
        data.put("finished", summary.isFinished());
        data.put("reason", summary.end().text("reason"));
        data.put("steps", summary.steps());
        data.put("trainTime", ReadableNumbers.duration(summary.trainSeconds()));
        data.put("pace", summary.pace().sentence());
        data.put("alarms", Alarms.of(summary));
        summary.audit().ifPresent(audit -> putAudit(audit, data));
        data.put("train", columns(spread(summary.train(), MOST_POINTS)));
        data.put(
                "thinned",
                summary.train().size() > MOST_POINTS ? summary.train().size() / MOST_POINTS : 0);
        data.put("verdicts", verdicts());
        data.put("eval", summary.eval().stream().map(Row::values).toList());
        data.put("config", yaml);
        addSamples(data);
        data.put("groups", groups());
        return data;
    }

    private static Map<String, Double> weights(RewardWeights weights) {
        return Map.of(
                "format", weights.format(),
                "correctness", weights.correctness(),
                "length", weights.length(),
                "language", weights.language(),
                "largest", rounded(weights.largest()));
    }

    private static void putAudit(LedgerAudit audit, Map<String, Object> data) {
        Map<String, Object> ledger = new LinkedHashMap<>();
        ledger.put("leased", audit.leased());
        ledger.put("trained once", audit.trained());
        audit.dropped().forEach((reason, groups) -> ledger.put("dropped: " + ReadableNumbers.words(reason), groups));
        ledger.put("in flight at the stop", audit.inFlight());
        ledger.put("lost", audit.lost());
        ledger.put("twice", audit.twice());
        data.put("ledger", ledger);
        data.put("ledgerIsExact", audit.isExact());
    }

    /** The numbers of rows as columns. */
    static Map<String, Object> columns(List<Row> rows) {
        Map<String, Object> columns = new LinkedHashMap<>();
        for (String name : names(rows)) {
            List<Double> column = new ArrayList<>();
            for (Row row : rows) column.add(rounded(row.number(name)));
            columns.put(name, column);
        }
        return columns;
    }

    /** Names of numbers in any row, those of the table first. */
    private static Set<String> names(List<Row> rows) {
        Set<String> present = new LinkedHashSet<>();
        for (Row row : rows)
            row.values().forEach((name, value) -> {
                if (value == null || value instanceof Number) present.add(name);
            });
        Set<String> names = new LinkedHashSet<>();
        for (Metric metric : MetricNames.TRAIN) if (present.contains(metric.name())) names.add(metric.name());
        names.addAll(present);
        return names;
    }

    /** By verdict, its share of each kept step's completions. */
    private Map<String, List<Double>> verdicts() {
        List<Row> rows = spread(summary.train(), MOST_POINTS);
        Set<String> names = new TreeSet<>();
        for (Row row : rows) names.addAll(row.numbers("verdicts").keySet());
        Map<String, List<Double>> shares = new LinkedHashMap<>();
        for (String name : names) {
            List<Double> column = new ArrayList<>();
            for (Row row : rows) {
                Map<String, Double> counts = row.numbers("verdicts");
                double all = counts.values().stream().mapToDouble(v -> v).sum();
                column.add(all == 0 ? null : rounded(counts.getOrDefault(name, 0.0) / all));
            }
            shares.put(name, column);
        }
        return shares;
    }

    /** Whole groups up to a limit, at even distances over the run. */
    private List<Map<String, Object>> groups() {
        List<Map<String, Object>> all = SampleLog.groups(folder);
        long weight =
                all.stream().mapToLong(row -> RowFile.line(row).length()).max().orElse(1);
        return spread(all, (int) Math.min(MOST_GROUPS, Math.max(1, GROUP_BUDGET / weight)));
    }

    private void addSamples(Map<String, Object> data) {
        List<Map<String, Object>> all = SampleLog.read(folder);
        List<Map<String, Object>> pairs = new ArrayList<>();
        long left = SAMPLE_BUDGET;
        int shown = 0;
        for (SamplePairs.Pair pair : SamplePairs.of(all)) {
            if (left <= 0) break;
            pairs.add(Map.of("before", shortened(pair.before()), "after", shortened(pair.after())));
            left -= weight(pair.before()) + weight(pair.after());
            shown += 2;
        }
        List<Row> train = all.stream()
                .map(Row::new)
                .filter(row -> row.text("phase").equals("train"))
                .toList();
        long meanWeight = 1 + train.stream().mapToLong(ReportData::weight).sum() / Math.max(1, train.size());
        List<Row> kept = spread(train, (int) Math.max(0, left / meanWeight));
        data.put("pairs", pairs);
        data.put("samples", kept.stream().map(ReportData::shortened).toList());
        data.put("samplesLeftOut", all.size() - shown - kept.size());
    }

    private static long weight(Row sample) {
        return 400
                + Math.min(LONGEST_TEXT, sample.text("completion").length())
                + Math.min(LONGEST_TEXT, sample.text("statement").length());
    }

    private static Map<String, Object> shortened(Row sample) {
        Map<String, Object> copy = new LinkedHashMap<>(sample.values());
        copy.replaceAll((name, value) -> value instanceof String text && text.length() > LONGEST_TEXT
                ? text.substring(0, LONGEST_TEXT) + "\n… (" + (text.length() - LONGEST_TEXT) + " more characters)"
                : value);
        return copy;
    }

    /** At most {@code most} rows at even distances, always with the last one. */
    static <T> List<T> spread(List<T> rows, int most) {
        if (rows.size() <= most) return rows;
        List<T> kept = new ArrayList<>();
        for (int i = 1; i <= most; i++) kept.add(rows.get((int) ((long) rows.size() * i / most) - 1));
        return kept;
    }

    /** Rounded to five digits, enough for a chart; null where nothing was measured. */
    private static Double rounded(double value) {
        if (!Double.isFinite(value)) return null;
        return Double.valueOf(String.format(Locale.ROOT, "%.5g", value));
    }
}
