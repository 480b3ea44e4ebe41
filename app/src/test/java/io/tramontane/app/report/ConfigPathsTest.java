package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of a run's config.yaml, which people may have changed. */
class ConfigPathsTest {
    @TempDir
    Path temp;

    private RunFolder run(byte[] config) throws IOException {
        RunFolder folder = new RunFolder(temp);
        Files.write(folder.configYaml().local(), config);
        return folder;
    }

    @Test
    void valuesAreKnownByTheirPaths() throws IOException {
        RunFolder run = run("seed: 3\ntrainer: {steps: 9, lora: {targets: [a, b]}}\n".getBytes());
        assertEquals(
                Map.of("seed", "3", "trainer.steps", "9", "trainer.lora.targets", "[\"a\",\"b\"]"),
                ConfigPaths.of(run));
    }

    /** The parser would take 480 MB for one word of 500,000 characters. */
    @Test
    void oneBeyondTheLimitsIsShownAsWhatIsWrongWithIt() throws IOException {
        RunFolder word = run(("seed: " + "y".repeat(500_000) + "\n").getBytes());
        assertTrue(ConfigPaths.text(word).contains(":1: a line of 500006 characters, at most 131072"));
        assertEquals(Map.of(), ConfigPaths.of(word));
        RunFolder large = run(new byte[(1 << 20) + 1]);
        assertTrue(ConfigPaths.text(large).startsWith("# "), ConfigPaths.text(large));
        assertTrue(ConfigPaths.text(large).endsWith(": is longer than 1048576 bytes, which is no config file\n"));
        RunFolder latin = run(new byte[] {'a', ':', ' ', (byte) 0xE9});
        assertTrue(ConfigPaths.text(latin).endsWith(": is not UTF-8 text\n"), ConfigPaths.text(latin));
    }

    @Test
    void ofOneThatIsNoTreeNothingIsKnown() throws IOException {
        assertEquals(Map.of(), ConfigPaths.of(run("a: [".getBytes())));
        assertEquals(Map.of(), ConfigPaths.of(run(("a: " + "{a: ".repeat(100)).getBytes())));
    }
}
