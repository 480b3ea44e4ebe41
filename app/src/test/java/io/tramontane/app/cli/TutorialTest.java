package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/tutorial.md from its first to its last block, as a reader with own data, reward and model follows it: named
 * blocks become files, blocks of bash are run. Commands of the program run in this process, with the paths below my/ made
 * absolute; those that set the class path, and what is no command of ours, run in bash as they stand.
 */
@Tag("cluster")
class TutorialTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void everyStepWorksAndDoesWhatThePageSays() throws Exception {
        for (String part : List.of("bin", "conf", "app"))
            Files.createSymbolicLink(folder.resolve(part), Markdown.ROOT.resolve(part));
        for (Markdown.Block block :
                Markdown.read(Markdown.ROOT.resolve("docs/tutorial.md")).blocks()) {
            if (block.language().equals("bash")) {
                for (String command : Shell.commands(block.text())) run(command);
            } else if (!block.name().isEmpty()) {
                Path file = folder.resolve(block.name());
                Files.createDirectories(file.getParent());
                Files.writeString(file, placed(block.text()));
            }
        }
        assertEquals(List.of("CORRECT", "WRONG", "FORMAT_ERROR"), texts("my/scores.jsonl", "verdict"));
        assertEquals(List.of("1.1", "0.2", "0.0"), texts("my/scores.jsonl", "reward"));
        assertEquals(
                "{\"calm\":0.0}",
                rows("my/calm-scores.jsonl").get(0).path("extra").toString());
        assertTrue(rows("my/calm-run/metrics.jsonl").stream().anyMatch(row -> row.has("reward.calm")));
        assertEquals(8, rows("my/answers.jsonl").size());
        assertTrue(Files.exists(folder.resolve("my/run/report.html")));
        assertTrue(Files.exists(folder.resolve("my/run/checkpoints/step-000005/model.safetensors")));
        assertTrue(Files.exists(folder.resolve("my/model-run/checkpoints/step-000002/config.json")));
    }

    private void run(String command) throws IOException, InterruptedException {
        if (command.startsWith("bin/tramontane ")) {
            List<String> words = Shell.words(placed(command));
            CommandLineRun run =
                    CommandLineRun.of(words.subList(1, words.size()).toArray());
            assertEquals(0, run.exit(), command + "\n" + run.out() + run.err());
            return;
        }
        Path log = folder.resolve("log");
        Process bash = new ProcessBuilder("bash", "-e", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!bash.waitFor(3, TimeUnit.MINUTES)) {
            bash.destroyForcibly();
            throw new AssertionError("not ended in 3 minutes: " + command + "\n" + Files.readString(log));
        }
        assertEquals(0, bash.exitValue(), command + "\n" + Files.readString(log));
    }

    private String placed(String text) {
        return text.replaceAll("(?<![\\w/])my/", folder + "/my/");
    }

    private List<JsonNode> rows(String file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(file))) rows.add(JSON.readTree(line));
        return rows;
    }

    private List<String> texts(String file, String field) throws IOException {
        return rows(file).stream().map(row -> row.path(field).asText()).toList();
    }
}
