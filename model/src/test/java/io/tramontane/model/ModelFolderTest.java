package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    @TempDir
    Path temporary;

    /** Unpacks the model that ships with the program and ends. */
    static final class Unpacker {
        private Unpacker() {}

        public static void main(String[] args) throws IOException {
            Path folder = ModelFolder.resolve(ModelFolder.TINY);
            System.out.println(Files.isRegularFile(folder.resolve("config.json")));
        }
    }

    @Test
    void theModelThatShipsWithTheProgramLeavesNothingBehind() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Unpacker.class.getName())
                .redirectErrorStream(true)
                .start();
        assertEquals("true", process.inputReader().readLine());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    0,
                    left.filter(path -> path.toString().contains("tramontane")).count());
        }
    }
}
