package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.AppendLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    Path temp;

    @Test
    void aRowIsOnDiskWhenAppendReturns() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.eval(0));
            log.append(MetricRows.train(1));
            List<String> lines = Files.readAllLines(folder.metrics().local());
            assertEquals(2, lines.size());
            assertTrue(lines.get(0).startsWith("{\"kind\":\"eval\",\"step\":0,\"problems\":4,\"correctness\":0.375,"));
        }
    }

    @Test
    void everyRowHasItsTimeAndTheTokensAndSecondsOverAllResumes() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        Ticking clock = new Ticking();
        try (MetricsLog log = MetricsLog.open(folder, ReportConfig.defaults(), clock)) {
            for (int step = 1; step <= 3; step++) {
                clock.seconds += 10;
                log.append(tokens(step));
            }
            clock.seconds += 5;
            log.append(MetricRows.eval(2)); // appended after step 3
        }
        clock.seconds = 1000;
        try (MetricsLog log = MetricsLog.resume(folder, 2, ReportConfig.defaults(), clock)) {
            clock.seconds += 7;
            log.append(tokens(3));
            log.append(MetricRows.end());
        }
        List<Map<String, Object>> rows = MetricsLog.read(folder);
        assertEquals(
                List.of(100, 200, 200, 300, 300),
                rows.stream().map(r -> r.get("tokens")).toList());
        // step 3 of the first process took until 30 s and is made again, but its evaluation of step 2 stays: 35 s
        assertEquals(
                List.of(10.0, 20.0, 35.0, 42.0, 42.0),
                rows.stream().map(r -> r.get("elapsedSeconds")).toList());
        assertEquals("1970-01-01T00:00:10Z", rows.get(0).get("time"));
        assertEquals("1970-01-01T00:16:47Z", rows.get(3).get("time"));
    }

    private static Map<String, Object> tokens(int step) {
        Map<String, Object> row = MetricRows.train(step);
        row.put("completionTokens", 100L);
        return row;
    }

    private static final class Ticking extends Clock {
        private long seconds;

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void everyNameHasAUnitOrIsNoNumberAndAMeaning() {
        MetricNames.byKind().forEach((kind, metrics) -> {
            for (Metric metric : metrics) assertTrue(metric.meaning().endsWith("."), kind + "/" + metric.name());
            assertEquals(
                    metrics.size(),
                    metrics.stream().map(Metric::name).distinct().count(),
                    kind);
        });
        assertEquals("nats", MetricNames.find("train", "entropy").orElseThrow().unit());
        assertEquals(
                "share", MetricNames.find("eval", "byLanguage/fr").orElseThrow().unit());
        assertEquals(
                "reward",
                MetricNames.find("train", "reward.brevity").orElseThrow().unit());
    }

    @Test
    void anIncompleteLastLineIsSkipped() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.train(1));
        }
        Files.writeString(folder.metrics().local(), "{\"kind\":\"train\",\"st", StandardOpenOption.APPEND);
        assertEquals(List.of(1), steps(folder));
    }

    @Test
    void aBrokenLineInTheMiddleIsLeftOutAndARunThatGoesOnKeepsItBesideWithOneWarning() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (MetricsLog log = MetricsLog.open(folder)) {
            for (int step = 1; step <= 3; step++) log.append(MetricRows.train(step));
        }
        Path file = folder.metrics().local();
        List<String> lines = Files.readAllLines(file);
        String broken = lines.get(1).replaceFirst("\\{", "[");
        Files.writeString(file, lines.get(0) + "\n" + broken + "\nnull\n" + lines.get(2) + "\n");
        assertEquals(List.of(1, 3), steps(folder));
        List<String> told = new ArrayList<>();
        try (MetricsLog log = MetricsLog.resume(folder, 3, ReportConfig.defaults(), told::add)) {
            log.append(MetricRows.train(4));
        }
        assertEquals(List.of(1, 3, 4), steps(folder));
        assertEquals(
                List.of(
                        "warning: " + file + ":2: not a JSON object; left out and kept in metrics.jsonl.unreadable",
                        "warning: " + file + ":3: not a JSON object; left out and kept in metrics.jsonl.unreadable"),
                told);
        assertEquals(broken + "\nnull\n", Files.readString(temp.resolve("run/metrics.jsonl.unreadable")));
    }

    /** A log on a disk on which there is room again after the third try. */
    private record FullDisk(AppendLog log, int[] tries) implements AppendLog {
        @Override
        public void append(String lines) throws IOException {
            if (++tries[0] <= 3) throw new IOException("No space left on device");
            log.append(lines);
        }

        @Override
        public void appendCommitted(String lines) throws IOException {
            append(lines);
            commit();
        }

        @Override
        public void commit() throws IOException {
            log.commit();
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }

    @Test
    void aRowThatCannotBeWrittenIsToldOnceAndWrittenWithALaterOne() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        List<String> told = new ArrayList<>();
        int[] tries = {0};
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.tell(told::add);
            log.append(MetricRows.train(1));
            log.reopen(file -> new FullDisk(AppendLog.open(file), tries));
            for (int step = 2; step <= 6; step++) log.append(MetricRows.train(step));
        }
        assertEquals(List.of(1, 2, 3, 4, 5, 6), steps(folder));
        String file = folder.metrics().name();
        assertEquals(
                List.of(
                        "warning: " + file + " cannot be written (No space left on device); the run goes on, and it is"
                                + " tried again later",
                        file + " is written again"),
                told);
    }

    @Test
    void resumingRemovesLaterRowsTheEndAndAnIncompleteLine() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.eval(0));
            for (int step = 1; step <= 4; step++) log.append(MetricRows.train(step));
            log.append(MetricRows.end());
        }
        Files.writeString(folder.metrics().local(), "{\"torn", StandardOpenOption.APPEND);
        try (MetricsLog log = MetricsLog.resume(folder, 2)) {
            assertEquals(List.of(0, 1, 2), steps(folder));
            log.append(MetricRows.train(3));
        }
        assertEquals(List.of(0, 1, 2, 3), steps(folder));
        try (Stream<Path> files = Files.list(folder.root().local())) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
        }
    }

    @Test
    void aRowThatLacksANameOfTheContractIsRefusedBeforeItIsWritten() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        Map<String, Object> row = MetricRows.train(1);
        row.remove("entropy");
        try (MetricsLog log = MetricsLog.open(folder)) {
            IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> log.append(row));
            assertTrue(error.getMessage().contains("lacks entropy"), error.getMessage());
            assertThrows(IllegalArgumentException.class, () -> log.append(Map.of("kind", "trian")));
        }
        assertTrue(MetricsLog.read(folder).isEmpty());
    }

    @Test
    void notANumberBecomesNullSinceJsonHasNone() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        Map<String, Object> row = MetricRows.eval(0);
        row.put("lengthMean", Double.NaN);
        row.put("byLevel", Map.of("1", Double.POSITIVE_INFINITY));
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(row);
        }
        Map<String, Object> read = MetricsLog.read(folder).get(0);
        assertNull(read.get("lengthMean"));
        assertNull(((Map<?, ?>) read.get("byLevel")).get("1"));
    }

    @Test
    void tensorBoardGetsTheSameNamesUnderTheKind() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.eval(0));
            log.append(MetricRows.train(1));
        }
        try (Stream<Path> files = Files.list(folder.tensorboard().local())) {
            String bytes = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            for (String tag : List.of("eval/byLanguage/fr", "eval/byLevel/3", "train/entropy", "train/mismatchKl"))
                assertTrue(bytes.contains(tag), tag);
        }
    }

    private static List<Integer> steps(RunFolder folder) {
        return MetricsLog.read(folder).stream()
                .map(row -> (Integer) row.get("step"))
                .toList();
    }
}
