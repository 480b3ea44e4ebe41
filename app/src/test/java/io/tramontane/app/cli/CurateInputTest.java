package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What curate says before it runs anything; no sandbox is needed. */
class CurateInputTest {
    @TempDir
    Path folder;

    private final StringBuilder problems = new StringBuilder();

    @Test
    void whatCannotBeReadIsOneLineAndLeavesNoFile() throws IOException {
        problems.append("{\"id\":\"a\",\"kind\":\"code\"}\n");
        Path file = write();
        Path out = folder.resolve("Q.jsonl");
        assertEquals(
                file + ":1: fields \"language\", \"statement\", \"codeLanguage\", \"tests\" are missing",
                complaint("curate", "tests", "--problems", file, "--out", out));
        assertEquals(
                "agreement 0.4, allowed above 0.5 to 1",
                complaint("curate", "tests", "--problems", file, "--out", out, "--agreement=0.4"));
        String form = complaint("curate", "tests", "--problems", file, "--out", folder.resolve("Q.parquet"));
        assertTrue(form.contains("allowed .jsonl"), form);
        assertTrue(complaint("curate").startsWith("curate: no COMMAND given, allowed tests"), complaint("curate"));
        assertEquals(List.of("P.jsonl"), List.of(folder.toFile().list()));
    }

    @Test
    void malformedLinesAreReportedTogetherTheFirstFiveOneByOne() throws IOException {
        for (int line = 1; line <= 3; line++) problems.append("{\"id\":\"a\",\"kind\":\"code\"}\n");
        problems.append(
                "{\"id\":\"good\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n");
        for (int line = 5; line <= 8; line++) problems.append("{\"kind\":\"code\"}\n");
        Path file = write();
        String missing = "\"language\", \"statement\", \"codeLanguage\", \"tests\" are missing; ";
        assertEquals(
                file + ":1: fields " + missing + file + ":2: fields " + missing + file + ":3: fields " + missing + file
                        + ":5: fields \"id\", " + missing + file + ":6: fields \"id\", " + missing + "and 2 more",
                complaint("curate", "tests", "--problems", file, "--out", folder.resolve("Q.jsonl")));
        assertEquals(List.of("P.jsonl"), List.of(folder.toFile().list()));
    }

    private Path write() throws IOException {
        return Files.writeString(folder.resolve("P.jsonl"), problems.toString());
    }
}
