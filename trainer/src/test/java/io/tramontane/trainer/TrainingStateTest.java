package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.model.Dtype;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingStateTest {
    private static final TrainerConfig CONFIG = new TrainerConfig(
            16,
            16,
            40,
            100,
            0,
            50,
            LossConfig.defaults(),
            new OptimizerConfig(1e-3, 3, 1, 0, 0.9, 0.95, 1e-8, 0.01, 1));

    private static Batch batch(int step) {
        return new Batch(step, TinyGroups.groups(4, 100 + step));
    }

    private static TrainerConfig with(Dtype moments) {
        OptimizerConfig optimizer = new OptimizerConfig(1e-3, 3, 1, 0, 0.9, 0.95, 1e-8, 0.01, 1, moments);
        return new TrainerConfig(16, 8, 60, 100, 0, 50, LossConfig.defaults(), optimizer);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void aRestoredTrainerReachesTheSameBits(Dtype moments, @TempDir Path folder) {
        TrainerConfig config = with(moments);
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 1);
        Path checkpoint = folder.resolve("step-000002");
        String straight;
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), config, 1.0)) {
            trainer.step(batch(1));
            trainer.step(batch(2));
            trainer.save(checkpoint, null);
            trainer.step(batch(3));
            trainer.step(batch(4));
            straight = trainer.snapshot().digest();
        }
        try (Trainer trainer = Trainer.restore(checkpoint, config, 1.0)) {
            assertEquals(2, trainer.version());
            trainer.step(batch(3));
            trainer.step(batch(4));
            assertEquals(straight, trainer.snapshot().digest());
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theOnlySafetensorsFileBesideTheConfigIsTheWeights(@TempDir Path folder) throws IOException {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 4);
        Path checkpoint = folder.resolve("step-000001");
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            trainer.step(batch(1));
            trainer.save(checkpoint, null);
            trainer.save(checkpoint, null); // again over itself, as after a restart
        }
        assertEquals(List.of("step-000001"), names(folder));
        assertEquals(
                List.of(
                        "README.md",
                        "config.json",
                        "generation_config.json",
                        "model.safetensors",
                        "optimizer",
                        "state.json"),
                names(checkpoint));
        assertEquals(List.of("first.safetensors", "second.safetensors"), names(checkpoint.resolve("optimizer")));
    }

    @Test
    void momentsBesideTheWeightsAsOlderCheckpointsHaveThemAreRead(@TempDir Path folder) throws IOException {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 5);
        Path checkpoint = folder.resolve("step-000001");
        String straight;
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            trainer.step(batch(1));
            trainer.save(checkpoint, null);
            trainer.step(batch(2));
            straight = trainer.snapshot().digest();
        }
        for (String name : List.of("first.safetensors", "second.safetensors"))
            Files.move(checkpoint.resolve("optimizer").resolve(name), checkpoint.resolve(name));
        Files.delete(checkpoint.resolve("optimizer"));
        try (Trainer trainer = Trainer.restore(checkpoint, CONFIG, 1.0)) {
            trainer.step(batch(2));
            assertEquals(straight, trainer.snapshot().digest());
        }
    }

    @Test
    void aCheckpointWithoutMomentsIsRefused(@TempDir Path folder) throws IOException {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 6);
        Path checkpoint = folder.resolve("step-000000");
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            trainer.save(checkpoint, null);
        }
        Files.delete(checkpoint.resolve("optimizer/second.safetensors"));
        BadInputException error = assertThrows(BadInputException.class, () -> Trainer.restore(checkpoint, CONFIG, 1.0));
        assertTrue(error.getMessage().contains("second.safetensors"), error.getMessage());
    }

    @Test
    void aFlippedByteInTheWeightsIsNoticed(@TempDir Path folder) throws Exception {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 2);
        Path checkpoint = folder.resolve("step-000000");
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            trainer.save(checkpoint, null);
        }
        Path file = checkpoint.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
        BadInputException error = assertThrows(BadInputException.class, () -> Trainer.restore(checkpoint, CONFIG, 1.0));
        assertTrue(error.getMessage().contains("digest"), error.getMessage());
    }

    @Test
    void aBatchOfAnotherStepIsRefused() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 3);
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            assertThrows(IllegalArgumentException.class, () -> trainer.step(batch(2)));
        }
    }
}
