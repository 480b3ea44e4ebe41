package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.Batch;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.ScoredGroup;
import io.tramontane.trainer.loss.LossConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a batch of 16 completions in groups of 4 becomes optimizer steps. */
class MinibatchesTest {
    @TempDir
    private Path folder;

    private static TrainerConfig config(int minibatchSize) {
        // so small a rate that the weights stay what they are
        return new TrainerConfig(
                16,
                minibatchSize,
                4096,
                100,
                0,
                50,
                LossConfig.defaults(),
                new OptimizerConfig(1e-12, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1));
    }

    private static Trainer trainer(int minibatchSize) {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 12);
        return Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), config(minibatchSize), 1.0);
    }

    private long updates(Trainer trainer) {
        Path checkpoint = folder.resolve("step-000001");
        trainer.save(checkpoint, null);
        return StateFile.read(new LocalStorage(checkpoint)).path("updates").asLong();
    }

    private static double objective(int minibatchSize, List<ScoredGroup> groups) {
        try (Trainer trainer = trainer(minibatchSize)) {
            return trainer.step(new Batch(1, groups)).objective();
        }
    }

    @Test
    void aBatchMakesAsManyUpdatesAsTheConfigSays() {
        for (int minibatchSize : new int[] {4, 8, 16}) {
            try (Trainer trainer = trainer(minibatchSize)) {
                trainer.step(new Batch(1, TinyGroups.groups(4, 13)));
                assertEquals(16 / minibatchSize, updates(trainer));
            }
        }
    }

    @Test
    void aGroupThatLostCompletionsChangesNoCount() {
        List<ScoredGroup> groups = new ArrayList<>(TinyGroups.groups(4, 13));
        groups.set(1, TinyGroups.group(1, 2, new int[] {3, 4, 5}, new Random(15))); // one was UNSCORED
        try (Trainer trainer = trainer(4)) {
            trainer.step(new Batch(1, groups));
            assertEquals(4, updates(trainer));
        }
    }

    @Test
    void theObjectiveOfAStepIsTheMeanOverItsMinibatches() {
        List<ScoredGroup> groups = TinyGroups.groups(4, 14);
        double mean = 0;
        for (ScoredGroup group : groups) mean += objective(16, List.of(group)) / 4;
        assertEquals(mean, objective(4, groups), 1e-9);
    }

    @Test
    void aBatchThatCannotBeCutEvenlyIsRefused() {
        try (Trainer trainer = trainer(8)) {
            String refused = assertThrows(
                            IllegalArgumentException.class, () -> trainer.step(new Batch(1, TinyGroups.groups(3, 13))))
                    .getMessage();
            assertEquals(
                    "batch of step 1 has 3 groups for 2 minibatches (trainer.batchSize 16, trainer.minibatchSize 8)",
                    refused);
        }
    }

    @Test
    void aRunMayChangeItsNumbersBetweenTwoSteps() {
        try (Trainer trainer = trainer(16)) {
            assertEquals(
                    1e-12, trainer.step(new Batch(1, TinyGroups.groups(4, 13))).learningRate());
            TrainerConfig next = new TrainerConfig(
                    8,
                    4,
                    4096,
                    100,
                    0,
                    50,
                    LossConfig.defaults(),
                    new OptimizerConfig(3e-12, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1));
            trainer.use(next);
            assertEquals(
                    3e-12, trainer.step(new Batch(2, TinyGroups.groups(2, 14))).learningRate());
            assertEquals(3, updates(trainer)); // one of sixteen completions, two of four each
        }
    }
}
