package io.tramontane.app.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.report.RowFile;
import io.tramontane.app.report.RunNumbers;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an experiment has shown so far.
 *
 * @param experiment its file
 * @param runs all, finished or not
 * @param judged every claim with its difference and verdict
 * @param analyses of the arms' checkpoints that are finished
 */
public record ExperimentResult(
        Experiment experiment, List<Finished> runs, List<Judged> judged, List<Analysis> analyses) {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

    /** A claim and what the numbers say of it. */
    public record Judged(Claim claim, String difference, double value, double low, double high, Claim.Verdict verdict) {
        /** One sentence. */
        public String sentence() {
            return verdict + ": " + claim.says() + ". " + claim.sides() + ": " + difference + ".";
        }
    }

    /**
     * A run of an arm.
     *
     * @param values of the table's metrics: the first before training where it was measured, the second after it
     */
    public record Finished(
            String arm,
            long seed,
            boolean done,
            int steps,
            double seconds,
            String day,
            Map<String, double[]> values,
            Map<String, Object> train,
            List<Map<String, Object>> eval) {}

    /** What {@code analyse weights} has written. */
    public record Analysis(String arm, long seed, String name, Map<String, Object> result) {}

    static ExperimentResult of(Experiment experiment, List<ArmRun> runs) {
        Measured measured = new Measured(runs);
        List<Judged> judged = new ArrayList<>();
        for (Claim claim : experiment.claims()) {
            Difference difference = measured.difference(claim);
            judged.add(new Judged(
                    claim,
                    difference.text(Metric.of(claim.metric())),
                    difference.value(),
                    difference.low(),
                    difference.high(),
                    claim.judge(difference)));
        }
        return new ExperimentResult(
                experiment,
                runs.stream()
                        .filter(ArmRun::hasNumbers)
                        .map(run -> finished(experiment, run, measured))
                        .toList(),
                judged,
                runs.stream().flatMap(ExperimentResult::analyses).toList());
    }

    private static Stream<Analysis> analyses(ArmRun run) {
        return run.arm().analyse().keySet().stream()
                .filter(name -> Files.isRegularFile(run.check(name)))
                .map(name -> {
                    try {
                        return new Analysis(
                                run.arm().name(),
                                run.seed(),
                                name,
                                JSON.readValue(run.check(name).toFile(), MAP));
                    } catch (IOException e) {
                        throw new UncheckedIOException("reading " + run.check(name), e);
                    }
                });
    }

    private static Finished finished(Experiment experiment, ArmRun run, Measured measured) {
        RunNumbers numbers = measured.numbers(run);
        Map<String, double[]> values = new LinkedHashMap<>();
        for (String name : experiment.table()) {
            Metric metric = Metric.of(name);
            values.put(name, new double[] {
                measured.value(metric, run, OptionalInt.of(0)), measured.value(metric, run, OptionalInt.empty())
            });
        }
        return new Finished(
                run.arm().name(),
                run.seed(),
                numbers.isFinished(),
                numbers.steps(),
                numbers.trainSeconds(),
                numbers.day(),
                values,
                numbers.columns(),
                numbers.evaluations());
    }

    /** The comparison in one sentence, derived from the verdicts. */
    public String conclusion() {
        if (judged.isEmpty()) return "The file makes no claim to judge.";
        if (runs.stream().noneMatch(Finished::done)) return "No arm is finished yet.";
        Map<Claim.Verdict, Long> counts =
                judged.stream().collect(Collectors.groupingBy(Judged::verdict, TreeMap::new, Collectors.counting()));
        String parts = counts.entrySet().stream()
                .map(each -> each.getKey().counted(each.getValue()))
                .collect(Collectors.joining(", "));
        return "Of " + judged.size() + (judged.size() == 1 ? " finding: " : " findings: ") + parts + ".";
    }

    /** Writes {@code experiment.html}, {@code experiment.json} and {@code table.md} into a folder. */
    void write(Path out) {
        try {
            Files.createDirectories(out);
            new LocalStorage(out.resolve("experiment.json")).replace(bytes(RowFile.line(plain(toMap())) + "\n"));
            new LocalStorage(out.resolve("table.md")).replace(bytes(ExperimentTable.markdown(this)));
            new LocalStorage(out.resolve("experiment.html")).replace(bytes(ExperimentPage.html(this)));
        } catch (IOException e) {
            throw new UncheckedIOException("writing the results of " + experiment.name() + " to " + out, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The same as maps, lists, texts and numbers. */
    static Map<String, Object> plain(Map<String, Object> values) {
        return JSON.convertValue(values, MAP);
    }

    /** For JSON and page. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", experiment.name());
        map.put("title", experiment.title());
        map.put("question", experiment.question());
        map.put("paper", experiment.paper());
        map.put("setting", ExperimentTable.setting(this));
        map.put("command", "bin/tramontane experiment " + experiment.name() + seedsFlag());
        map.put("conclusion", conclusion());
        map.put("notes", experiment.notes());
        map.put("findings", judged.stream().map(ExperimentResult::finding).toList());
        map.put(
                "arms",
                experiment.arms().stream()
                        .map(arm -> Map.of("name", arm.name(), "set", arm.set(), "coldStart", arm.coldStart()))
                        .toList());
        map.put("runs", runs);
        map.put("analyses", analyses);
        return map;
    }

    private String seedsFlag() {
        List<Long> seeds = seeds();
        return seeds.equals(experiment.seeds())
                ? ""
                : " --seeds " + seeds.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Of the runs that are there. */
    List<Long> seeds() {
        return runs.stream().map(Finished::seed).distinct().sorted().toList();
    }

    private static Map<String, Object> finding(Judged judged) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("says", judged.claim().says());
        map.put("metric", judged.claim().metric());
        map.put("of", judged.claim().of().toString());
        if (judged.claim().against() != null)
            map.put("against", judged.claim().against().toString());
        else map.put("value", judged.claim().value());
        map.put("difference", judged.value());
        map.put("low", judged.low());
        map.put("high", judged.high());
        map.put("verdict", judged.verdict().toString());
        map.put("sentence", judged.sentence());
        return map;
    }
}
