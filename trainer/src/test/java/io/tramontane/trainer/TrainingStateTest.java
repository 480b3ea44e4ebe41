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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
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
                        "manifest.json",
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
        asOlderVersionsWrote(checkpoint);
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
        assertTrue(refusal(checkpoint).startsWith(file + ": is not what was saved"), refusal(checkpoint));
        asOlderVersionsWrote(checkpoint);
        assertTrue(refusal(checkpoint).contains("digest"), refusal(checkpoint));
    }

    private static String refusal(Path checkpoint) {
        return assertThrows(BadInputException.class, () -> Trainer.restore(checkpoint, CONFIG, 1.0))
                .getMessage();
    }

    /** Without a manifest, and with a state that knows of none. */
    private static void asOlderVersionsWrote(Path checkpoint) throws IOException {
        Files.delete(checkpoint.resolve("manifest.json"));
        Path state = checkpoint.resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("\"format\":2,", ""));
    }

    /** What happens to a file of a checkpoint. */
    private enum Damage {
        ONE_BIT {
            @Override
            byte[] of(byte[] bytes) {
                bytes[bytes.length - 3] ^= 1;
                return bytes;
            }
        },
        SHORTER {
            @Override
            byte[] of(byte[] bytes) {
                return Arrays.copyOf(bytes, bytes.length - 4);
            }
        },
        EMPTY {
            @Override
            byte[] of(byte[] bytes) {
                return new byte[0];
            }
        };

        abstract byte[] of(byte[] bytes);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                        "optimizer/first.safetensors",
                        "optimizer/second.safetensors",
                        "model.safetensors",
                        "config.json",
                        "state.json")
                .flatMap(file -> Arrays.stream(Damage.values()).map(damage -> Arguments.of(file, damage)));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void everyDamagedFileIsNamedBeforeTrainingGoesOn(String name, Damage damage, @TempDir Path folder)
            throws IOException {
        Path checkpoint = saved(folder);
        Path file = checkpoint.resolve(name);
        Files.write(file, damage.of(Files.readAllBytes(file)));
        assertTrue(refusal(checkpoint).startsWith(file + ": "), refusal(checkpoint));
    }

    private static Path saved(Path folder) {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 7);
        Path checkpoint = folder.resolve("step-000001");
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            trainer.step(batch(1));
            trainer.save(checkpoint, null);
        }
        return checkpoint;
    }

    @Test
    void aManifestThatIsGoneIsMissedAndAFileThatCameLaterIsNot(@TempDir Path folder) throws IOException {
        Path checkpoint = saved(folder);
        Files.writeString(checkpoint.resolve("notes.txt"), "mine");
        Trainer.restore(checkpoint, CONFIG, 1.0).close();
        Files.delete(checkpoint.resolve("manifest.json"));
        assertEquals(
                checkpoint.resolve("manifest.json") + ": is missing, the checkpoint was saved with it",
                refusal(checkpoint));
    }

    @Test
    void anOlderStateWithoutItsUpdatesIsRefused(@TempDir Path folder) throws IOException {
        Path checkpoint = saved(folder);
        asOlderVersionsWrote(checkpoint);
        Trainer.restore(checkpoint, CONFIG, 1.0).close();
        Path state = checkpoint.resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("\"updates\":1,", ""));
        assertEquals(state + ": updates is missing, allowed >= 0", refusal(checkpoint));
    }

    @Test
    void aBatchOfAnotherStepIsRefused() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 3);
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            assertThrows(IllegalArgumentException.class, () -> trainer.step(batch(2)));
        }
    }
}
