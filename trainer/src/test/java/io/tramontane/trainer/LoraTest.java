package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.gym.TraceConfig;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.Numerics;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reinforcement learning and supervised training of adapters, and their checkpoints. */
class LoraTest {
    private static final LoraConfig LORA = new LoraConfig(2, 4, List.of("q_proj", "v_proj", "down_proj"));
    private static final Computation CPU = new Computation(1.0, Numerics.FAST, ComputeDevice.CPU);
    private static final TrainerConfig CONFIG = new TrainerConfig(
                    16,
                    16,
                    40,
                    100,
                    0,
                    50,
                    LossConfig.defaults(),
                    new OptimizerConfig(1e-2, 3, 1, 0, 0.9, 0.95, 1e-8, 0.01, 1))
            .with(LORA);

    @TempDir
    Path folder;

    private static Batch batch(int step) {
        return new Batch(step, TinyGroups.groups(4, 100 + step));
    }

    /** A model folder with random weights. */
    private Path base(long seed) throws IOException {
        Path model = folder.resolve("base" + seed);
        WeightSnapshot weights = TinyGroups.snapshot(TinyGroups.SHAPE, TinyGroups.theta(TinyGroups.SHAPE, seed));
        Checkpoint.write(model, weights, null);
        return model;
    }

    private static Trainer fresh(Path base) {
        return Trainer.fresh(Checkpoint.read(base, 0), CONFIG, CPU, 5);
    }

    private static Trainer restored(Path checkpoint, TrainerConfig config, Path base) {
        return Trainer.restore(new LocalStorage(checkpoint), config, CPU, base);
    }

    @Test
    void stepsChangeTheTargetsAndNothingElse() throws IOException {
        Path base = base(1);
        WeightSnapshot before = Checkpoint.read(base, 0);
        try (Trainer trainer = fresh(base)) {
            assertEquals(before.digest(), trainer.snapshot().digest());
            float[] logprobs = trainer.score(new int[] {1, 2, 3, 4}, 1);
            try (Trainer plain = Trainer.fresh(before, CONFIG.with(LoraConfig.defaults()), 1.0)) {
                assertArrayEquals(plain.score(new int[] {1, 2, 3, 4}, 1), logprobs);
            }
            trainer.step(batch(1));
            trainer.step(batch(2));
            WeightSnapshot after = trainer.snapshot();
            before.tensors().forEach(tensor -> {
                boolean target = tensor.name().matches(".*(q_proj|v_proj|down_proj).*");
                assertEquals(!target, before.checksum(tensor) == after.checksum(tensor), tensor.name());
            });
        }
    }

    @Test
    void aRestoredTrainerReachesTheSameBits() throws IOException {
        Path base = base(1);
        Path checkpoint = folder.resolve("step-000002");
        String straight;
        String saved;
        try (Trainer trainer = fresh(base)) {
            trainer.step(batch(1));
            trainer.step(batch(2));
            trainer.save(checkpoint, null);
            saved = trainer.snapshot().digest();
            trainer.step(batch(3));
            trainer.step(batch(4));
            straight = trainer.snapshot().digest();
        }
        try (Trainer trainer = restored(checkpoint, CONFIG, base)) {
            assertEquals(2, trainer.version());
            assertEquals(saved, trainer.snapshot().digest());
            trainer.step(batch(3));
            trainer.step(batch(4));
            assertEquals(straight, trainer.snapshot().digest());
        }
    }

    /** 2 layers x 2 x (8 + 16 + 8 + 8 + 12 + 8) numbers of 4 bytes: q [16, 8], v [8, 8], down [8, 12]. */
    @Test
    void aCheckpointHoldsTheMergedWeightsTheAdapterAndItsMoments() throws IOException {
        Path base = base(1);
        Path checkpoint = folder.resolve("step-000001");
        try (Trainer trainer = fresh(base)) {
            trainer.step(batch(1));
            trainer.save(checkpoint, null);
            assertEquals(
                    trainer.snapshot().digest(), Checkpoint.read(checkpoint, 1).digest());
        }
        WeightSnapshot merged = Checkpoint.read(base, 1);
        PeftAdapter adapter = PeftAdapter.read(checkpoint.resolve("adapter"), merged.config(), 1);
        assertEquals(2 * 2 * 60 * 4, adapter.weights().bytes());
        assertEquals(
                adapter.weights().bytes(),
                adapter.readVector(checkpoint.resolve("optimizer/first.safetensors"))
                        .bytes());
        adapter.mergeInto(merged);
        WeightSnapshot read = Checkpoint.read(checkpoint, 1);
        for (int at = 0; at < read.bytes(); at += 4)
            assertEquals(number(merged, at), number(read, at), 1e-6, "byte " + at);
    }

    private static float number(WeightSnapshot from, long at) {
        var bytes = java.nio.ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        from.read(at, bytes);
        return bytes.getFloat(0);
    }

    @Test
    void whatDoesNotFitTheCheckpointIsRefused() throws IOException {
        Path base = base(1);
        Path checkpoint = folder.resolve("step-000001");
        try (Trainer trainer = fresh(base)) {
            trainer.step(batch(1));
            trainer.save(checkpoint, null);
        }
        Path other = base(2);
        assertTrue(refused(checkpoint, CONFIG, other)
                .startsWith(other + ": is not the model whose adapters were trained"));
        assertEquals(
                checkpoint + ": was trained with lora.rank 2, the config says 0",
                refused(checkpoint, CONFIG.with(LoraConfig.defaults()), base));
        assertEquals(
                checkpoint + ": was trained with lora.alpha 4.0 and lora.targets [q_proj, v_proj, down_proj],"
                        + " the config says 8.0 and [q_proj]",
                refused(checkpoint, CONFIG.with(new LoraConfig(2, 8, List.of("q_proj"))), base));
        Path file = checkpoint.resolve("adapter/adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
        assertTrue(refused(checkpoint, CONFIG, base).startsWith(file + ": is not what was saved"));
        Files.delete(checkpoint.resolve("manifest.json")); // as an earlier version wrote it
        Path state = checkpoint.resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("\"format\":2,", ""));
        assertTrue(refused(checkpoint, CONFIG, base).startsWith(checkpoint + ": the adapter's digest is not the one"));
    }

    private static String refused(Path checkpoint, TrainerConfig config, Path base) {
        return assertThrows(BadInputException.class, () -> restored(checkpoint, config, base))
                .getMessage();
    }

    private SftConfig sft(String model, LoraConfig lora, int threads) {
        return new SftConfig(
                1,
                model,
                SftConfig.defaults().shape(),
                "tiny",
                "",
                problems(),
                "",
                120,
                GymConfig.defaults(),
                TraceConfig.defaults(),
                12,
                4,
                threads,
                1600,
                Keep.ALL,
                Dtype.FLOAT32,
                5,
                lora,
                new OptimizerConfig(1e-2, 1, 1, 0, 0.9, 0.95, 1e-8, 0, 1));
    }

    private String problems() {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 4; i++)
            lines.append("{\"question\":\"A dog eats ")
                    .append(i)
                    .append(" bones a day. Two days?\",\"answer\":\"It eats ")
                    .append(i + "+" + i)
                    .append(" bones.\\n#### ")
                    .append(2 * i)
                    .append("\"}\n");
        try {
            return Files.writeString(folder.resolve("train.jsonl"), lines).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theColdStartLearnsWithAdaptersAndGoesOnToTheSameBits() {
        TokenizerFiles files = TokenizerFiles.of(ModelFolder.resolve(ModelFolder.TINY));
        SftConfig config = sft(ModelFolder.TINY, new LoraConfig(8, 32, LoraConfig.NAMES), 2);
        List<Double> losses = new ArrayList<>();
        Path whole = folder.resolve("whole");
        Sft.run(config, files, whole, p -> losses.add(p.loss()));
        assertTrue(losses.get(11) < 0.6 * losses.get(0), losses.toString());
        Path killed = folder.resolve("killed");
        assertThrows(
                IllegalStateException.class,
                () -> Sft.run(config, files, killed, p -> {
                    if (p.step() == 7) throw new IllegalStateException("the power went out");
                }));
        Sft.run(config, files, killed, p -> {});
        WeightSnapshot merged = Checkpoint.read(whole, 0);
        assertEquals(merged.digest(), Checkpoint.read(killed, 0).digest());
        PeftAdapter adapter = PeftAdapter.read(whole.resolve("adapter"), merged.config(), 0);
        assertEquals(8, adapter.lora().rank());
    }

    @Test
    void adaptersOfNewWeightsAreRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> sft("", new LoraConfig(2, 1, LoraConfig.NAMES), 1));
        assertEquals("lora.rank 2 with an empty model, allowed 0: new weights are nothing to keep", e.getMessage());
    }
}
