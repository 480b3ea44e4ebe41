package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.app.cli.Launched.Ended;
import io.tramontane.data.JsonReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loss of docs/algorithms.md compiles as it stands, and trains by the page's command through TRAMONTANE_CLASSPATH. */
@Tag("cluster")
class AlgorithmsPageTest {
    private static final String SOURCE = "my/src/com/example/Tempered.java";

    @TempDir
    private Path folder;

    /** The words of the page's training command, behind the program. */
    private static List<String> command(Markdown page) {
        return page.blocks().stream()
                .filter(block -> block.language().equals("bash"))
                .flatMap(block -> Shell.commands(block.text()).stream())
                .map(Shell::words)
                .filter(words -> words.contains("train"))
                .map(words -> words.subList(words.indexOf("train"), words.size()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLossOfThePageTrains() throws Exception {
        Markdown page = Markdown.read(Markdown.ROOT.resolve("docs/algorithms.md"));
        Path source = folder.resolve(SOURCE);
        Files.createDirectories(source.getParent());
        Files.write(source, page.lines("java", SOURCE));
        Path classes = Files.createDirectories(folder.resolve("my/classes"));
        String classPath = System.getProperty("java.class.path");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", classPath, "-d", classes.toString(), source.toString()));
        Object[] command = command(page).toArray();
        Ended absent = Launched.start(folder, Map.of(), command).end();
        assertEquals(2, absent.exit(), absent.err());
        assertTrue(
                absent.err()
                        .startsWith(
                                "tramontane: trainer.loss.name com.example.Tempered: no such class on the class path"
                                        + " (TRAMONTANE_CLASSPATH)"),
                absent.err());
        assertEquals(1, absent.err().lines().count(), absent.err());
        Ended ended = Launched.start(folder, Map.of("TRAMONTANE_CLASSPATH", "my/classes"), command)
                .end();
        assertEquals(0, ended.exit(), ended.out() + ended.err());
        int steps = 0;
        for (String line : Files.readAllLines(folder.resolve("my/tempered-run/metrics.jsonl"))) {
            JsonNode row = JsonReading.mapper().readTree(line);
            if (!row.path("kind").asText().equals("train")) continue;
            steps++;
            assertTrue(
                    row.path("objective").doubleValue() != 0
                            && row.path("gradNorm").doubleValue() > 0,
                    line);
        }
        assertEquals(2, steps);
    }
}
