package io.tramontane.app.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.report.RunNumbers;
import io.tramontane.cluster.evaluation.Estimate;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Takes metrics and their differences from the runs of arms; each run's file is read once. */
final class Measured {
    private static final ObjectMapper JSON = JsonReading.mapper();

    /** Steps whose mean is taken as one observation: neighbours are alike. */
    private static final int BLOCK = 4;

    private final List<ArmRun> runs;
    private final Map<ArmRun, RunNumbers> numbers = new HashMap<>();

    Measured(List<ArmRun> runs) {
        this.runs = runs;
    }

    /** What a run has written so far. */
    RunNumbers numbers(ArmRun run) {
        return numbers.computeIfAbsent(run, ArmRun::numbers);
    }

    /** A metric of one run at a step, or the newest; NaN where it was not measured. */
    double value(Metric metric, ArmRun run, OptionalInt step) {
        if (!run.hasNumbers()) return Double.NaN;
        if (metric.kind().equals("eval")) return numbers(run).evaluated(metric.name(), step);
        if (step.isPresent()) return Double.NaN;
        if (metric.kind().equals("check"))
            return check(metric, run).map(Estimate::value).orElse(Double.NaN);
        return Arrays.stream(steps(metric, run)).average().orElse(Double.NaN);
    }

    /** A number of the training: of all steps, or of the last fifth of them, at least one. */
    private double[] steps(Metric metric, ArmRun run) {
        double[] column = numbers(run).trained(metric.name());
        if (metric.kind().equals("run")) return column;
        return Arrays.copyOfRange(column, column.length - (column.length + 4) / 5, column.length);
    }

    private static Optional<Estimate> check(Metric metric, ArmRun run) {
        Path file = run.check(metric.check());
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            for (String part : metric.name().split("\\.")) node = node.path(part);
            if (node.isNumber()) return Optional.of(new Estimate(node.doubleValue(), Double.NaN, Double.NaN));
            if (!node.path("value").isNumber()) return Optional.empty();
            return Optional.of(new Estimate(
                    node.path("value").doubleValue(),
                    node.path("low").asDouble(Double.NaN),
                    node.path("high").asDouble(Double.NaN)));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    /** The difference of a claim over the runs of all seeds. */
    Difference difference(Claim claim) {
        Metric metric = Metric.of(claim.metric());
        List<ArmRun> of = runs.stream()
                .filter(r -> r.arm().name().equals(claim.of().arm()))
                .toList();
        List<Double> bySeed = new ArrayList<>();
        List<ArmRun[]> pairs = new ArrayList<>();
        for (ArmRun one : of) {
            ArmRun other = claim.against() == null
                    ? one
                    : runs.stream()
                            .filter(r -> r.seed() == one.seed()
                                    && r.arm().name().equals(claim.against().arm()))
                            .findFirst()
                            .orElseThrow();
            double difference = value(metric, one, claim.of().step()) - subtracted(claim, other);
            if (!Double.isFinite(difference)) continue;
            bySeed.add(difference);
            pairs.add(new ArmRun[] {one, other});
        }
        if (bySeed.isEmpty()) return Difference.bare(Double.NaN, "nothing measured yet");
        if (bySeed.size() > 1)
            return Difference.ofSeeds(bySeed.stream().mapToDouble(d -> d).toArray());
        return ofOneSeed(metric, claim, pairs.get(0)[0], pairs.get(0)[1], bySeed.get(0));
    }

    private double subtracted(Claim claim, ArmRun other) {
        if (claim.against() == null) return claim.value();
        return value(Metric.of(claim.againstMetric()), other, claim.against().step());
    }

    /** From a number: the interval is that of the metric itself. */
    private Difference ofNumber(Metric metric, ArmRun of, double difference) {
        if (metric.isOfTraining()) return ofSteps(half(steps(metric, of)), difference);
        boolean analysis = of.arm().analyse().containsKey(metric.check());
        return (metric.kind().equals("check") ? check(metric, of) : Optional.<Estimate>empty())
                .filter(Estimate::hasInterval)
                .map(e -> new Difference(
                        difference,
                        difference - (e.value() - e.low()),
                        difference + (e.high() - e.value()),
                        "one seed; interval over " + (analysis ? "points of the plane" : "problems")))
                .orElse(Difference.bare(difference, "one seed"));
    }

    private Difference ofOneSeed(Metric metric, Claim claim, ArmRun of, ArmRun against, double difference) {
        if (claim.against() == null) return ofNumber(metric, of, difference);
        Metric otherMetric = Metric.of(claim.againstMetric());
        if (metric.isOfTraining()) return ofSteps(steps(metric, of), steps(otherMetric, against), difference);
        if (metric.kind().equals("check")) return ofChecks(check(metric, of), check(otherMetric, against), difference);
        if (!otherMetric.equals(metric)) return Difference.bare(difference, "one seed");
        return RunNumbers.difference(
                        metric.name(),
                        numbers(of),
                        claim.of().step(),
                        numbers(against),
                        claim.against().step())
                .filter(Estimate::hasInterval)
                .map(e -> new Difference(e.value(), e.low(), e.high(), "one seed; interval over problems"))
                .orElse(Difference.bare(difference, "one seed"));
    }

    /** Two evaluations of the same problems, taken as independent: wider than problem by problem. */
    private static Difference ofChecks(Optional<Estimate> of, Optional<Estimate> against, double difference) {
        if (!of.filter(Estimate::hasInterval).isPresent()
                || !against.filter(Estimate::hasInterval).isPresent()) return Difference.bare(difference, "one seed");
        Estimate one = of.get();
        Estimate other = against.get();
        double down = Math.hypot(one.value() - one.low(), other.high() - other.value());
        double up = Math.hypot(one.high() - one.value(), other.value() - other.low());
        return new Difference(difference, difference - down, difference + up, "one seed; interval over problems");
    }

    /** Step by step where both runs have as many, else taken as independent. */
    private static Difference ofSteps(double[] of, double[] against, double difference) {
        if (of.length != against.length) return ofSteps(Math.hypot(half(of), half(against)), difference);
        double[] differences = new double[of.length];
        for (int i = 0; i < of.length; i++) differences[i] = of[i] - against[i];
        return ofSteps(half(differences), difference);
    }

    private static Difference ofSteps(double half, double difference) {
        if (!Double.isFinite(half)) return Difference.bare(difference, "one seed, few steps");
        return new Difference(difference, difference - half, difference + half, "one seed; interval over steps");
    }

    /** Half of the interval of a column's mean, by Student's t over the means of blocks of steps; NaN for fewer than three. */
    private static double half(double[] column) {
        int blocks = column.length / BLOCK;
        if (blocks < 3) return Double.NaN;
        double[] means = new double[blocks];
        for (int b = 0; b < blocks; b++)
            means[b] =
                    Arrays.stream(column, b * BLOCK, (b + 1) * BLOCK).average().orElseThrow();
        return Difference.half(means);
    }
}
