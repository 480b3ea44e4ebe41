package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavingMemoryTest {
    /** 4 layers of 256: 13 MB of weights, and as much of either moment. */
    private static final PolicyConfig SHAPE = new PolicyConfig(4, 256, 4, 2, 64, 640, 1049, 192, 10_000, 1e-6, true, 1);

    @TempDir
    Path folder;

    @Test
    void aCheckpointOfServedWeightsTakesNoCopyOfThemNorOfTheMoments() {
        TrainerConfig config = TrainerConfig.defaults();
        try (Trainer trainer = Trainer.fresh(new WeightSnapshot(SHAPE, 0), config, 1.0)) {
            WeightSnapshot served = trainer.snapshot();
            assertTrue(served.bytes() > 10_000_000, served.bytes() + " bytes");
            long before = directMemory();
            trainer.save(folder.resolve("step-000000"), null);
            long taken = directMemory() - before;
            // pieces of some megabytes to write and to digest, whatever the size
            assertTrue(taken < served.bytes() * 3 / 4, taken + " bytes of direct memory for " + served.bytes());
            assertEquals(
                    served.digest(),
                    Checkpoint.read(folder.resolve("step-000000"), 0).digest());
        }
    }

    /** Of all buffers that were not collected yet. */
    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
