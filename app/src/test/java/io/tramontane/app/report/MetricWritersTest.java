package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of other programs; tools/report_writers.py reads the same files with mlflow, wandb and prometheus_client. */
class MetricWritersTest {
    private static final Clock AT_1000 = Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC);
    private static final ReportConfig BOTH = new ReportConfig(true, true, 0);

    @TempDir
    Path temp;

    private RunFolder folder;

    @BeforeEach
    void aRunFolder() throws IOException {
        folder = RunFolder.create(temp.resolve("run"));
        Files.writeString(folder.configYaml().local(), "seed: 7\ntrainer:\n  loss: {clipHigh: 0.28}\n");
    }

    private void threeStepsThenTheThirdAgain() {
        try (MetricsLog log = MetricsLog.open(folder, BOTH, AT_1000)) {
            for (int step = 1; step <= 3; step++) log.append(row(step, step / 10.0));
        }
        try (MetricsLog log = MetricsLog.resume(folder, 2, BOTH, AT_1000)) {
            log.append(row(3, 0.9));
            log.append(MetricRows.end());
        }
    }

    private static Map<String, Object> row(int step, double reward) {
        Map<String, Object> row = MetricRows.train(step);
        row.put("reward", reward);
        return row;
    }

    @Test
    void mlflowHasOneLineForEachValueAndAResumedRunKeepsItsIdWithoutLaterSteps() throws IOException {
        threeStepsThenTheThirdAgain();
        Path experiment = only(folder.root().local().resolve("mlruns"));
        Path run = only(experiment, "[0-9a-f]{32}");
        assertEquals("1000000 0.1 1\n1000000 0.2 2\n1000000 0.9 3\n", read(run, "metrics/train/reward"));
        assertEquals("0.28", read(run, "params/trainer.loss.clipHigh"));
        assertEquals("run", read(run, "tags/mlflow.runName"));
        assertTrue(read(run, "meta.yaml").contains("\nstatus: 3\n"), read(run, "meta.yaml"));
        assertTrue(read(run, "meta.yaml").contains("\nend_time: 1000000\n"), read(run, "meta.yaml"));
    }

    @Test
    void aFailedRunIsAFailedRunThere() throws IOException {
        try (MetricsLog log = MetricsLog.open(folder, BOTH, AT_1000)) {
            Map<String, Object> end = MetricRows.end();
            end.put("reason", "failed: no space left");
            log.append(end);
        }
        Path run = only(only(folder.root().local().resolve("mlruns")), "[0-9a-f]{32}");
        assertTrue(read(run, "meta.yaml").contains("\nstatus: 4\n"), read(run, "meta.yaml"));
        List<byte[]> records = wandbRecords();
        // field 18 (exit), 4 bytes: exit code 1, runtime 0
        assertArrayEquals(
                new byte[] {8, 3, (byte) 0x92, 1, 4, 8, 1, 16, 0}, records.get(records.size() - 1), "the last record");
    }

    @Test
    void aNameOfTheUsersDataCannotLeaveTheFolder() throws IOException {
        Map<String, Object> row = MetricRows.eval(0);
        row.put("byLanguage", Map.of("../../../evil", 0.5, "a/../../b", 0.25));
        try (MetricsLog log = MetricsLog.open(folder, BOTH, AT_1000)) {
            log.append(row);
        }
        try (Stream<Path> files = Files.walk(temp)) {
            assertTrue(files.filter(f -> f.toString().contains("evil"))
                    .allMatch(f -> f.toString().contains("/metrics/eval/byLanguage/_/_/_/")));
        }
    }

    @Test
    void wandbHasTheConfigARecordForEachRowAndChecksumsOverBlocks() throws IOException {
        threeStepsThenTheThirdAgain();
        List<byte[]> records = wandbRecords();
        assertEquals(6, records.size(), "header, run, three rows, exit");
        String run = text(records.get(1));
        assertTrue(run.contains("trainer.loss.clipHigh") && run.contains("\"0.28\""), run);
        assertTrue(text(records.get(4)).contains("train/reward\u0082\u0001\u00030.9"), text(records.get(4)));
    }

    @Test
    void aRecordThatIsLongerThanABlockIsCutAndComesBackWhole() throws IOException {
        Files.writeString(folder.configYaml().local(), "long: " + "x".repeat(100_000) + "\nlast: y\n");
        MetricsLog.open(folder, BOTH, AT_1000).close();
        String run = text(wandbRecords().get(1));
        assertTrue(run.contains("x".repeat(100_000)));
        assertTrue(run.length() < 101_000, "nothing of the blocks' heads is left in it: " + run.length());
    }

    /** Where a record ends 1 to 6 bytes before its block does, the rest is zero and the next one begins a new block. */
    @Test
    void aBlockWhoseRestIsTooSmallForAHeadIsLeft() throws IOException {
        for (int length = 32_500; length < 32_768; length += 3) {
            folder = RunFolder.create(temp.resolve("run" + length));
            Files.writeString(folder.configYaml().local(), "long: " + "x".repeat(length) + "\n");
            try (MetricsLog log = MetricsLog.open(folder, new ReportConfig(false, true, 0), AT_1000)) {
                log.append(MetricRows.end());
            }
            assertEquals(3, wandbRecords().size(), length + " characters");
        }
    }

    @Test
    void prometheusGetsTheNewestValuesWithTheirMeaning() throws Exception {
        try (PrometheusPage page = new PrometheusPage(0)) {
            page.scalars(Instant.EPOCH, 1, Map.of("train/entropy", 0.5));
            page.scalars(Instant.EPOCH, 2, Map.of("train/entropy", 0.25, "eval/byLanguage/f\"r", 1.0));
            HttpResponse<String> answer = get("http://127.0.0.1:" + page.port() + "/metrics");
            assertEquals(200, answer.statusCode());
            assertEquals(
                    """
                    # HELP tramontane_eval_byLanguage correctness by language of the problem. Unit: share.
                    # TYPE tramontane_eval_byLanguage gauge
                    tramontane_eval_byLanguage{part="f\\"r"} 1.0
                    # HELP tramontane_train_entropy Of the next-token distribution, mean over trained tokens, before the update. Unit: nats.
                    # TYPE tramontane_train_entropy gauge
                    tramontane_train_entropy 0.25
                    # HELP tramontane_train_step The training step, from 1; the policy version after it. Unit: steps.
                    # TYPE tramontane_train_step gauge
                    tramontane_train_step 2.0
                    """,
                    answer.body());
        }
    }

    @Test
    void aPortThatIsTakenIsBadInput() throws IOException {
        try (PrometheusPage page = new PrometheusPage(0)) {
            ReportConfig config = new ReportConfig(false, false, page.port());
            String message = assertThrows(BadInputException.class, () -> MetricWriters.checkPort(config))
                    .getMessage();
            assertTrue(
                    message.startsWith("report.prometheusPort " + page.port() + " cannot be listened on: "), message);
        }
        assertThrows(IllegalArgumentException.class, () -> new ReportConfig(false, false, 70_000));
    }

    @Test
    void noneIsWrittenUnlessConfigured() {
        MetricsLog.open(folder).close();
        assertFalse(Files.exists(folder.root().local().resolve("mlruns")));
        assertFalse(Files.exists(folder.root().local().resolve("wandb")));
    }

    private static HttpResponse<String> get(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(20))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The records of the file, put together from their blocks; fails on a wrong checksum. */
    private List<byte[]> wandbRecords() throws IOException {
        Path run = only(folder.root().local().resolve("wandb"), "offline-run-19700101_001640-[a-z0-9]{8}");
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(only(run))).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x4226573a, file.getInt()); // ":W&B"
        assertEquals((short) 0xBEE1, file.getShort());
        assertEquals(0, file.get());
        List<byte[]> records = new ArrayList<>();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        while (file.remaining() > 0) {
            int left = 32768 - file.position() % 32768;
            if (left < 7) {
                file.position(file.position() + left);
                continue;
            }
            int checksum = file.getInt();
            byte[] data = new byte[Short.toUnsignedInt(file.getShort())];
            byte type = file.get();
            file.get(data);
            CRC32 crc = new CRC32();
            crc.update(type);
            crc.update(data);
            assertEquals((int) crc.getValue(), checksum);
            record.writeBytes(data);
            if (type != 1 && type != 4) continue;
            records.add(record.toByteArray());
            record.reset();
        }
        return records;
    }

    private static String text(byte[] record) {
        return new String(record, StandardCharsets.ISO_8859_1);
    }

    private static String read(Path run, String name) throws IOException {
        return Files.readString(run.resolve(name));
    }

    private static Path only(Path folder) throws IOException {
        return only(folder, ".*");
    }

    private static Path only(Path folder, String name) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> found = entries.filter(
                            entry -> entry.getFileName().toString().matches(name))
                    .toList();
            assertEquals(1, found.size(), Arrays.toString(found.toArray()));
            return found.get(0);
        }
    }
}
