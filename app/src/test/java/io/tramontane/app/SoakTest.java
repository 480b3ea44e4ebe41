package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long run whose processes are killed and stopped, whose disk is full and whose network is cut, at random: {@code tools/soak}. Its
 * minutes are {@code -Dtramontane.soakMinutes}, 20 unless it is given.
 */
@Tag("cluster")
@Tag("heavy")
class SoakTest {
    private static final Path ROOT = Path.of(System.getProperty("tramontane.root"));

    @TempDir
    Path folder;

    @Test
    void nothingIsLostOrTrainedTwice() throws Exception {
        assumeTrue(namespaces(), "tools/soak needs unshare, mount and ip, and user namespaces");
        int minutes = Integer.getInteger("tramontane.soakMinutes", 20);
        Process soak = new ProcessBuilder(
                        ROOT.resolve("tools/soak").toString(), "--minutes", Integer.toString(minutes), folder + "/soak")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertTrue(soak.waitFor(minutes + 15L, TimeUnit.MINUTES), this::out);
        assertEquals(0, soak.exitValue(), this::out);
        JsonNode found =
                new ObjectMapper().readTree(folder.resolve("soak/soak.json").toFile());
        Set<String> kinds = new HashSet<>();
        found.path("rows").forEach(row -> kinds.add(row.path("kind").asText()));
        assertTrue(kinds.size() >= 8, this::out);
        assertTrue(found.path("rows").size() >= 2 * minutes, this::out);
    }

    private static boolean namespaces() throws IOException, InterruptedException {
        try {
            Process tried = new ProcessBuilder("unshare", "-r", "-m", "-n", "-p", "-f", "ip", "link", "set", "lo", "up")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return tried.waitFor() == 0;
        } catch (IOException e) {
            return false; // no such command
        }
    }

    private String out() {
        try {
            return Files.readString(folder.resolve("out"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
