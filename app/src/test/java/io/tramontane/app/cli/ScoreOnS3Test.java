package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.Rows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code s3a://} against a real S3 server. */
@Tag("cluster")
class ScoreOnS3Test {
    private static final String ROOT = "s3a://" + S3Server.BUCKET + "/";
    private static final String PROBLEMS =
            "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"How many legs do two cats have?\","
                    + "\"answer\":\"8\"}\n";

    @TempDir
    static Path folder;

    private static S3Server server;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start(folder);
        server.settings().forEach(System::setProperty);
        server.put("in/P.jsonl", PROBLEMS);
        server.put("in/C.jsonl", completions(500));
    }

    @AfterAll
    static void stop() {
        if (server == null) return;
        server.settings().keySet().forEach(System::clearProperty);
        server.close();
    }

    @AfterEach
    void nothingIsLeftBesideTheOutput() {
        assertEquals(
                List.of(),
                server.keys().stream()
                        .filter(key -> key.contains(".parts") || key.contains("unfinished"))
                        .toList());
        assertEquals(0, server.openUploads());
    }

    @Test
    void scoresOfABucketGoToTheBucketInOrder() throws IOException {
        CommandLineRun run = score("in/C.jsonl", "out/S.jsonl.gz", "--part-size=60");
        assertEquals(0, run.exit(), run.err());
        List<String> lines = new String(
                        new GZIPInputStream(new ByteArrayInputStream(server.get("out/S.jsonl.gz"))).readAllBytes(),
                        StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(500, lines.size());
        for (int i = 0; i < 500; i++) {
            ObjectNode score = (ObjectNode) new ObjectMapper().readTree(lines.get(i));
            assertEquals(i / 4, score.path("group").asInt());
            assertEquals(i % 9 == 8 ? "CORRECT" : "WRONG", score.path("verdict").asText());
        }
    }

    @Test
    void foldersAndPatternsInABucketAreReadInTheOrderOfTheirNames() throws IOException {
        server.put("many/part-00001.jsonl", completions(4).replace("\"group\":0", "\"group\":1"));
        server.put("many/part-00000.jsonl", completions(4));
        server.put("many/_SUCCESS", "");
        for (String inputs : List.of("many", "many/", "many/part-*.jsonl", "ma*/part-0000[01].jsonl")) {
            CommandLineRun run = score(inputs, "out/many.jsonl");
            assertEquals(0, run.exit(), run.err());
            assertEquals(
                    List.of(0, 0, 0, 0, 1, 1, 1, 1),
                    new String(server.get("out/many.jsonl"), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.contains("\"group\":1") ? 1 : 0)
                            .toList());
        }
        assertEquals(ROOT + "many/none-*: no file fits", complain("many/none-*"));
    }

    @Test
    void parquetAndArrowGoToTheBucketToo() {
        for (String name : List.of("S.parquet", "S.arrow")) {
            CommandLineRun run = score("in/C.jsonl", "tables/" + name);
            assertEquals(0, run.exit(), run.err());
            List<Integer> groups = new ArrayList<>();
            try (Rows rows = RowForm.read(Storage.path(ROOT + "tables/" + name))) {
                rows.forEachRemaining(
                        row -> groups.add(row.object().path("group").asInt()));
            }
            assertEquals(500, groups.size());
            for (int i = 0; i < 500; i++) assertEquals(i / 4, groups.get(i));
        }
    }

    @Test
    void whatIsNotThereOrBrokenIsOneLine() {
        assertEquals(ROOT + "in/none.jsonl: no such file", complain("in/none.jsonl"));
        assertEquals(
                "s3a://nobucket/C.jsonl: no such file",
                complaint(
                        "score",
                        "--problems=" + ROOT + "in/P.jsonl",
                        "--completions=s3a://nobucket/C.jsonl",
                        "--out=" + ROOT + "out/X.jsonl"));
        server.put("in/broken.jsonl", completions(3) + "{\"problemId\":\n");
        String broken = complain("in/broken.jsonl");
        assertTrue(broken.startsWith(ROOT + "in/broken.jsonl:4: not a JSON object"), broken);
        assertTrue(server.keys().stream().noneMatch(key -> key.contains("X.jsonl")), server.keys() + "");
    }

    @Test
    void anUploadThatIsNotCommittedLeavesNothing() {
        try (AtomicText text = AtomicText.open(ROOT + "out/never.jsonl")) {
            for (int i = 0; i < 400_000; i++) text.line("a line of forty characters, 16 MB in all.");
        }
        assertTrue(server.keys().stream().noneMatch(key -> key.contains("never")), server.keys() + "");
    }

    private static String complain(String completions) {
        return complaint(
                "score",
                "--problems=" + ROOT + "in/P.jsonl",
                "--completions=" + ROOT + completions,
                "--out=" + ROOT + "out/X.jsonl");
    }

    private static CommandLineRun score(String completions, String out, String... more) {
        List<Object> args = new ArrayList<>(List.of(
                "score",
                "--problems=" + ROOT + "in/P.jsonl",
                "--completions=" + ROOT + completions,
                "--out=" + ROOT + out,
                "--master=local[2]"));
        args.addAll(List.of(more));
        return CommandLineRun.of(args.toArray());
    }

    private static String completions(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++)
            rows.append(
                    "{\"problemId\":\"a\",\"group\":" + i / 4 + ",\"completion\":\"<think>Each cat has four legs, so"
                            + " the two have eight.</think>Together they have \\\\boxed{" + i % 9 + "} legs.\"}\n");
        return rows.toString();
    }
}
