package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint is restored in a process of its own, whose direct memory is smaller than what the checkpoint holds. */
class RestoringMemoryTest {
    /** 4 layers of 256: 12,093,440 bytes of weights, and as much of either moment. */
    private static final PolicyConfig SHAPE = new PolicyConfig(4, 256, 4, 2, 64, 640, 1049, 192, 10_000, 1e-6, true, 1);

    @TempDir
    Path folder;

    /** Restores a checkpoint, and prints its step and what the process took at its peak, in kB (Linux only). */
    static final class RestoringProcess {
        public static void main(String[] arguments) throws IOException {
            try (Trainer trainer = Trainer.restore(Path.of(arguments[0]), TrainerConfig.defaults(), 1.0)) {
                System.out.println("step " + trainer.version());
            }
            Path status = Path.of("/proc/self/status");
            if (!Files.exists(status)) return;
            for (String line : Files.readAllLines(status)) if (line.startsWith("VmHWM:")) System.out.println(line);
        }
    }

    @Test
    void noVectorIsCopiedOnItsWayToItsPlace() throws Exception {
        Path checkpoint = folder.resolve("step-000000");
        try (Trainer trainer = Trainer.fresh(new WeightSnapshot(SHAPE, 0), TrainerConfig.defaults(), 1.0)) {
            trainer.save(checkpoint, null);
        }
        assertEquals(3_023_360, SHAPE.parameters());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=24m", // three pieces of 4 MiB; two copies and a piece would not fit
                        "-Dai.djl.offline=true",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RestoringProcess.class.getName(),
                        checkpoint.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("step 0\n"), output);
    }
}
