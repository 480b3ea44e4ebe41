package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.model.PolicyConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy of 135M parameters in executors of 1,024 MB: one copy of its weights is 540 MB of direct memory. */
@Tag("cluster")
class LocalClusterMemoryTest {
    /** SmolLM2-135M's layers, more of them instead of its vocabulary. */
    private static final PolicyConfig SHAPE =
            new PolicyConfig(38, 576, 9, 3, 64, 1536, 1049, 192, 10_000, 1e-6, true, 1);

    @TempDir
    Path folder;

    /** The driver's process; {@code args} are the scratch folder, the master, the steps, and whether to resume. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            Config config =
                    TinyRun.config(Integer.parseInt(args[2]), 0, 1, new ClusterConfig(1, 1, 1, 1, 2, 600, 300, 1e-3));
            TinyRun told = new TinyRun();
            int code = 1;
            try {
                RunFolder run = new RunFolder(scratch.resolve("run"));
                boolean resume = Boolean.parseBoolean(args[3]);
                code = TrainRun.run(config, run, resume, args[1], told.setup(config, scratch, SHAPE));
            } catch (Throwable e) {
                e.printStackTrace();
            }
            told.messages.forEach(System.out::println);
            System.exit(code);
        }
    }

    @Test
    @Tag("heavy")
    void theDocumentedCommandTrainsSavesAndResumes() throws Exception {
        RandomModel.in(folder.resolve("model"), SHAPE);
        for (int steps = 1; steps <= 2; steps++) {
            try (RunProcess driver =
                    RunProcess.start(DriverProcess.class, folder, "local-cluster[3,1,1024]", steps, steps == 2)) {
                driver.awaitEnd();
                assertTrue(!driver.log().contains("starts again"), driver.log());
            }
            assertEquals(
                    steps,
                    new RunFolder(folder.resolve("run")).latestCheckpoint().orElseThrow());
        }
    }
}
