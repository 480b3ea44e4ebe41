package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wrong inputs: every line of {@code wrong-inputs.txt} ends with exit code 2 and one line on standard
 * error, which holds the words behind {@code =>}; nothing is printed, no stack trace, and no file is made or changed.
 */
class WrongInputsTest {
    private static final String GOOD =
            "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"Two and two?\",\"answer\":\"4\"}\n";

    @TempDir
    Path folder;

    @BeforeEach
    void aFolderOfRightAndWrongFiles() throws IOException {
        file("P.jsonl", GOOD);
        file("C.jsonl", "{\"problemId\":\"a\",\"group\":0,\"completion\":\"x\"}\n");
        file("stranger.jsonl", "{\"problemId\":\"z\",\"group\":0,\"completion\":\"x\"}\n");
        file("negative.jsonl", "{\"problemId\":\"a\",\"group\":-1,\"completion\":\"x\"}\n");
        file("F.jsonl", "{\"tokens\":[300,301]}\n");
        file("foreign-tokens.jsonl", "{\"tokens\":[300,99999]}\n");
        file("no-tokens.jsonl", "{\"ids\":[300]}\n");
        file("nothing.jsonl", "");
        file("broken.jsonl", GOOD + "{\"id\":\n");
        file("no-statement.jsonl", "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"answer\":\"4\"}\n");
        file("no-answer.jsonl", "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"Two?\"}\n");
        file("poem.jsonl", GOOD.replace("math", "poem"));
        file("no-tests.jsonl", GOOD.replace("math", "code").replace("\"answer\":\"4\"", "\"codeLanguage\":\"python\""));
        file("pascal.jsonl", GOOD.replace("math", "code").replace("\"answer\":\"4\"", "\"codeLanguage\":\"pascal\""));
        file("twice.jsonl", GOOD + GOOD);
        file("list.jsonl", "[1]\n");
        file("not.jsonl.gz", "plain text");
        file("not.parquet", "plain text");
        file("not.arrow", "plain text");
        Files.write(
                folder.resolve("latin.jsonl"), GOOD.replace("Two", "Zw\u00f6lf").getBytes(StandardCharsets.ISO_8859_1));
        file("bad.yaml", "trainer: {steps: 3\n");
        file("list.yaml", "- a\n- b\n");
        file("double.yaml", "seed: 1\nseed: 2\n");
        file("empty-value.yaml", "model:\n");
        file("section.yaml", "trainer: 3\n");
        file("unknown.yaml", "trainer:\n  learningRate: 1\n");
        file("words.yaml", "trainer:\n  steps: many\n");
        Files.createDirectory(folder.resolve("empty"));
        Files.createDirectory(folder.resolve("used"));
        file("used/notes.txt", "mine");
        file("weights.gguf", "no GGUF at all");
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void everyWrongInputIsOneLineAndLeavesNothing() throws IOException {
        TreeMap<String, String> before = contents();
        List<String> faults = new ArrayList<>();
        List<String> cases = cases();
        for (String line : cases) {
            String placed = line.replace("HERE", folder.toString())
                    .replace("CONF", Markdown.ROOT.resolve("conf").toString());
            String[] parts = placed.split(" => ", 2);
            CommandLineRun run = CommandLineRun.of(Shell.words(parts[0]).toArray());
            if (run.exit() != 2
                    || !run.out().isEmpty()
                    || run.err().lines().count() != 1
                    || !run.err().startsWith("tramontane: ")
                    || !run.err().contains(parts[1]))
                faults.add(line + "\n   exit " + run.exit() + ": " + run.out() + run.err());
            if (!contents().equals(before)) faults.add(line + "\n   left " + contents());
        }
        assertEquals("", String.join("\n", faults));
        assertTrue(cases.size() > 90, cases.size() + " cases");
    }

    private static List<String> cases() throws IOException {
        try (var file = WrongInputsTest.class.getResourceAsStream("/wrong-inputs.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("//"))
                    .toList();
        }
    }

    /** Every file here, and the folder where runs would be made, with sizes. */
    private TreeMap<String, String> contents() throws IOException {
        TreeMap<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList())
                found.put(folder.relativize(file).toString(), Files.isDirectory(file) ? "" : "" + Files.size(file));
        }
        found.put("runs", String.valueOf(Files.exists(Path.of("runs"))));
        return found;
    }
}
