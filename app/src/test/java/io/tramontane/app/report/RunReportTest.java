package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.rewards.RewardWeights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    @TempDir
    Path temp;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private RunReport report(RunFolder folder) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ConsoleView console = new ConsoleView(out, new Terminal(false, false, 80), 10, 0, RewardWeights.defaults());
        return new RunReport(folder, MetricsLog.open(folder), console);
    }

    private static List<Object> events(RunFolder folder) {
        return MetricsLog.read(folder).stream()
                .filter(row -> row.get("kind").equals("event"))
                .<Object>map(row -> row.get("event") + " after " + row.get("step") + ": " + row.get("detail"))
                .toList();
    }

    @Test
    void aRunThatCannotEvenEndSaysWhyOnItsPage() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (RunReport report = report(folder)) {
            report.train(MetricRows.train(4));
            report.restarted(4, "the trainer failed");
            report.failed(new IllegalStateException("no such master"));
        }
        assertEquals(List.of("restart after 4: the trainer failed", "failure after 4: no such master"), events(folder));
        assertTrue(Files.readString(folder.report().local()).contains("\"failure\":\"no such master\""));
        assertTrue(bytes.toString(StandardCharsets.UTF_8).contains("the trainer failed"));
    }

    @Test
    void aRunThatReportedItsFailureDoesNotReportItTwice() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        Map<String, Object> end = MetricRows.end();
        end.put("reason", "failed: disk full");
        try (RunReport report = report(folder)) {
            report.end(end);
            report.failed(new IllegalStateException("disk full"));
        }
        assertEquals(List.of(), events(folder));
    }

    @Test
    void problemsAndGroupsOfLaterStepsAreRemovedOnResume() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (RunReport report = report(folder)) {
            report.problems(10, List.of(Map.of("problemId", "a")));
            report.problems(20, List.of(Map.of("problemId", "a")));
            report.group(11, Map.of("group", 3));
            report.resumed(10);
        }
        assertEquals(List.of(10), List.copyOf(EvaluationLog.files(folder).keySet()));
        assertTrue(Files.notExists(folder.groupFile(11).local()));
    }

    @Test
    void aStageIsALineAnEventAndAMarkAndIsToldAgainWhenItsStepIsMadeAgain() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (RunReport report = report(folder)) {
            report.train(MetricRows.train(4));
            report.stage(5, "step 5, stage 2 of 2: rollout.maxTokens 64");
        }
        assertTrue(bytes.toString(StandardCharsets.UTF_8).contains("step 5, stage 2 of 2: rollout.maxTokens 64\n"));
        assertEquals(List.of("stage after 5: step 5, stage 2 of 2: rollout.maxTokens 64"), events(folder));
        List<Map<String, Object>> marks = TimeMarks.of(RunSummary.of(MetricsLog.read(folder)), new int[0]);
        assertEquals(
                List.of("stage 5"),
                marks.stream()
                        .map(mark -> mark.get("kind") + " " + mark.get("step"))
                        .toList());
        MetricsLog.resume(folder, 4).close(); // killed before step 5 was made
        assertEquals(List.of(), events(folder));
    }

    @Test
    void whatCannotBeWrittenIsToldOnceAndEndsNothing() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        Files.writeString(folder.evaluations().local(), "a file where a folder should be");
        try (RunReport report = report(folder)) {
            report.problems(10, List.of(Map.of("problemId", "a")));
            report.problems(20, List.of(Map.of("problemId", "a")));
            Files.delete(folder.evaluations().local());
            report.problems(30, List.of(Map.of("problemId", "a")));
            report.end(MetricRows.end());
        }
        assertEquals(List.of(30), List.copyOf(EvaluationLog.files(folder).keySet()));
        String console = bytes.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ");
        String warning = "warning: " + folder.evaluations().name() + " cannot be written";
        assertEquals(console.indexOf(warning), console.lastIndexOf(warning), console);
        assertTrue(console.contains(warning), console);
        assertTrue(console.contains(folder.evaluations().name() + " is written again"), console);
    }

    @Test
    void aRunWhoseMetricsHoldOtherThingsGoesOnAndEnds() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        Files.writeString(
                folder.metrics().local(),
                "{\"kind\":\"train\",\"step\":\"one\"}\n{\"kind\":7,\"step\":2}\n{\"step\":-5,\"kind\":\"eval\"}\n"
                        + "{\"kind\":\"train\",\"step\":1,\"tokens\":1e300,\"elapsedSeconds\":\"x\",\"time\":\"y\"}\n");
        MetricsLog.resume(folder, 2).close();
        try (RunReport report = report(folder)) {
            report.resumed(2);
            report.train(MetricRows.train(3));
            report.eval(MetricRows.eval(3));
            report.end(MetricRows.end());
        }
        assertTrue(
                MetricsLog.read(folder).stream().anyMatch(row -> row.get("kind").equals("end")));
    }
}
