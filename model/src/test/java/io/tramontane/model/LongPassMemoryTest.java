package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a microbatch of 32,768 tokens takes, measured in fresh processes: the whole process, JVM and all. */
@EnabledOnOs(OS.LINUX)
class LongPassMemoryTest {
    private static final long MEGABYTE = 1024;

    /** In kB. */
    private static long peak(int... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                LongPass.class.getName()));
        for (int argument : arguments) command.add(Integer.toString(argument));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return Long.parseLong(output.strip());
    }

    /** A mask alone would take 4 bytes x 2 segments x 2 heads x 32,704 x 32,768 = 17 GB. */
    @Test
    void oneCompletionOf32kTokens() throws Exception {
        long found = peak(64, 1, 32704, 2, 1);
        assertTrue(found < 1000 * MEGABYTE, found + " kB");
    }

    /** Padded, the mask would take 4 bytes x 17 segments x 2 heads x 2,048 x 4,096 = 1.1 GB. */
    @Test
    void aPromptWithFifteenCompletions() throws Exception {
        long found = peak(2048, 15, 2048, 2, 2);
        assertTrue(found < 1100 * MEGABYTE, found + " kB");
    }
}
