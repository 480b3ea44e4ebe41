package io.tramontane.app.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever comes in from outside is read or refused with the documented error: no hang, no crash, no memory out of
 * proportion. {@code -Dtramontane.fuzzSeed=7} takes other inputs.
 */
class HostileInputTest {
    private static final long SEED = Long.getLong("tramontane.fuzzSeed", 16);

    static { // as where no test runs
        ClassLoader.getSystemClassLoader().setPackageAssertionStatus("org.apache.arrow", false);
    }

    @TempDir
    Path folder;

    @Test
    void fifteenHundredMutatedInputsAreReadOrRefused() throws Exception {
        HostileInputs.Result result = HostileInputs.run(unzipped(), folder.resolve("scratch"), 1_500, SEED);
        assertEquals(List.of(), result.faults(), () -> String.join("\n", result.faults()));
    }

    /** In a process of its own with 256 MB of heap: what does not fit ends it. */
    @Test
    @Tag("heavy")
    void aHundredThousandMutatedInputsInASmallHeap() throws Exception {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HostileInputs.class.getName(),
                        unzipped().toString(),
                        folder.resolve("scratch").toString(),
                        "100000",
                        Long.toString(SEED))
                .redirectErrorStream(true)
                .redirectOutput(new File(said.toString()))
                .start();
        int exitCode = process.waitFor();
        String text = Files.readString(said, StandardCharsets.UTF_8);
        System.out.println(text);
        assertEquals(0, exitCode, text);
    }

    private Path unzipped() throws IOException {
        Path run = folder.resolve("run");
        try (InputStream in = HostileInputTest.class.getResourceAsStream("/run-of-2026-11.zip");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = run.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        return run;
    }
}
