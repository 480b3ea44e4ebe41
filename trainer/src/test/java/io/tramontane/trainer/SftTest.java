package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.gym.TraceConfig;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftTest {
    private static final Path TINY = ModelFolder.resolve(ModelFolder.TINY);

    @TempDir
    Path folder;

    private SftConfig config(String model, String problems, int threads) {
        return config(model, problems, threads, LoraConfig.defaults());
    }

    private SftConfig config(String model, String problems, int threads, LoraConfig lora) {
        return new SftConfig(
                1,
                model,
                SftConfig.defaults().shape(),
                "tiny",
                "",
                problems,
                "",
                120,
                GymConfig.defaults(),
                TraceConfig.defaults(),
                8,
                4,
                threads,
                1600,
                Keep.ALL,
                Dtype.FLOAT32,
                3,
                lora,
                new OptimizerConfig(3e-3, 1, 1, 0, 0.9, 0.95, 1e-8, 0, 1));
    }

    private Path solutions() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 4; i++)
            lines.append("{\"question\":\"A dog eats ")
                    .append(i)
                    .append(" bones a day. Two days?\",\"answer\":\"It eats ")
                    .append(i)
                    .append("+")
                    .append(i)
                    .append(" bones.\\n#### ")
                    .append(2 * i)
                    .append("\"}\n");
        lines.append("{\"question\":\"").append("Long. ".repeat(100)).append("\",\"answer\":\"x\\n#### 1\"}\n");
        return Files.writeString(folder.resolve("train.jsonl"), lines);
    }

    @Test
    void aModelLearnsADataSetAndIsWrittenWithItsTokenizer() throws IOException {
        List<Double> losses = new ArrayList<>();
        Path out = folder.resolve("out");
        TokenizerFiles files = TokenizerFiles.of(TINY);
        Sft.run(config(ModelFolder.TINY, solutions().toString(), 1), files, out, p -> losses.add(p.loss()));
        assertEquals(8, losses.size());
        assertTrue(losses.get(7) < 0.6 * losses.get(0), losses.toString());
        assertEquals(Checkpoint.config(TINY), Checkpoint.config(out));
        assertTrue(!Checkpoint.read(TINY, 0)
                .digest()
                .equals(Checkpoint.read(out, 0).digest()));
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(out)) {
            assertEquals(3, tokenizer.encode("<think>7</think>").length);
        }
    }

    @Test
    void aSecondThreadChangesNothingButRounding() throws IOException {
        List<Double> one = new ArrayList<>();
        List<Double> two = new ArrayList<>();
        TokenizerFiles files = TokenizerFiles.of(TINY);
        String problems = solutions().toString();
        Sft.run(config(ModelFolder.TINY, problems, 1), files, folder.resolve("one"), p -> one.add(p.loss()));
        Sft.run(config(ModelFolder.TINY, problems, 2), files, folder.resolve("two"), p -> two.add(p.loss()));
        for (int step = 0; step < 4; step++) assertEquals(one.get(step), two.get(step), 1e-3, "step " + step);
    }

    @Test
    void aColdStartThatWasKilledGoesOnToTheSameModelAndTheSameCurve() throws IOException {
        TokenizerFiles files = TokenizerFiles.of(TINY);
        SftConfig config = config(ModelFolder.TINY, solutions().toString(), 1);
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        Sft.run(config, files, whole, p -> {});
        assertThrows(
                IllegalStateException.class,
                () -> Sft.run(config, files, killed, p -> {
                    if (p.step() == 5) throw new IllegalStateException("the power went out");
                }));
        assertTrue(Files.notExists(killed.resolve("config.json")));
        assertTrue(Files.exists(killed.resolve("checkpoints/step-000003/optimizer/first.safetensors")));
        Files.writeString(killed.resolve("loss.jsonl"), "{\"step\":6,\"lo", java.nio.file.StandardOpenOption.APPEND);
        List<Integer> steps = new ArrayList<>();
        Sft.run(config, files, killed, p -> steps.add(p.step()));
        assertEquals(List.of(4, 5, 6, 7, 8), steps);
        assertEquals(
                Checkpoint.read(whole, 0).digest(), Checkpoint.read(killed, 0).digest());
        assertEquals(curve(whole), curve(killed));
        assertEquals(8, curve(killed).size());
        String other = assertThrows(
                        BadInputException.class,
                        () -> Sft.run(config(ModelFolder.TINY, solutions().toString(), 2), files, killed, p -> {}))
                .getMessage();
        assertTrue(other.startsWith(killed + ": its checkpoints come from another config"), other);
    }

    private static List<String> curve(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("loss.jsonl")).stream()
                .map(line -> line.replaceAll(",\"seconds\":.*", ""))
                .toList();
    }

    @Test
    void aColdStartThatCannotBeginLeavesNothing() {
        Path out = folder.resolve("out");
        assertThrows(
                BadInputException.class,
                () -> Sft.run(config(ModelFolder.TINY, "no/such/file", 1), TokenizerFiles.of(TINY), out, p -> {}));
        assertTrue(Files.notExists(out));
    }

    @Test
    void marksThatTheGymDoesNotWriteAreRefused() {
        SftConfig defaults = SftConfig.defaults();
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new SftConfig(
                        1,
                        "",
                        defaults.shape(),
                        "model-tokens",
                        "",
                        "",
                        "",
                        512,
                        defaults.gym(),
                        defaults.traces(),
                        1,
                        2,
                        2,
                        1600,
                        Keep.ALL,
                        Dtype.FLOAT32,
                        0,
                        LoraConfig.defaults(),
                        defaults.optimizer()));
        assertTrue(e.getMessage().startsWith("chat model-tokens: "), e.getMessage());
    }
}
