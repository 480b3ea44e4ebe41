package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The analysis of a run whose two checkpoints were moved by hand away from the tiny policy that it began with. */
class AnalyseWeightsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void aRun() throws IOException {
        run = folder.resolve("run");
        Files.createDirectories(run);
        Files.writeString(
                run.resolve("config.yaml"),
                """
                seed: 3
                model: builtin:tiny
                data: {chat: tiny, gym: {families: [chain], codeShare: 0}}
                rollout: {groupSize: 4, slots: 8, maxPromptTokens: 112, maxTokens: 40}
                rewards: {maxLength: 40, lengthCache: 16}
                trainer: {batchSize: 8, minibatchSize: 8}
                """);
        // step 0 at (0, 0), step 1 at (3, 1), step 2 at (3, -1): around (2, 0) they lie at (-2, 0), (1, 1) and (1, -1)
        save(1, 3, 1);
        save(2, 3, -1);
    }

    /** A thousandth of the numbers is added to the first and second thousand weights, shared out so that they are distances. */
    private void save(int step, double first, double second) throws IOException {
        Path tiny = ModelFolder.resolve(ModelFolder.TINY);
        WeightSnapshot weights = Checkpoint.read(tiny, step);
        ByteBuffer part = ByteBuffer.allocate(2000 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(0, part);
        part.flip();
        for (int i = 0; i < 2000; i++) {
            double move = (i < 1000 ? first : second) * 1e-3 / Math.sqrt(1000);
            part.putFloat(i * Float.BYTES, (float) (part.getFloat(i * Float.BYTES) + move));
        }
        weights.write(0, part);
        Checkpoint.write(run.resolve("checkpoints/step-00000" + step), weights, tiny.resolve("tokenizer.json"));
    }

    @Test
    void theComponentsAreThoseOfTheMoves() throws IOException {
        Path out = folder.resolve("weights.json");
        CommandLineRun analysed = CommandLineRun.of("analyse", "weights", run, "--grid", 0, "--out", out);
        assertEquals(0, analysed.exit(), analysed.err());
        JsonNode json = JSON.readTree(out.toFile());
        assertEquals(0.75, json.at("/explainedShare/c1").asDouble(), 1e-3); // 6 of 6 + 2
        assertEquals(1, json.at("/explainedShare/plane").asDouble(), 1e-3);
        assertEquals(0, json.at("/checkpoints/0/step").asInt());
        assertEquals(-2e-3, json.at("/checkpoints/0/coordinates/0").asDouble(), 1e-5);
        assertEquals(-1e-3, json.at("/checkpoints/1/coordinates/1").asDouble(), 1e-5);
        assertEquals(1e-3, json.at("/checkpoints/2/coordinates/1").asDouble(), 1e-5);
        assertTrue(analysed.out().startsWith("3 checkpoints;"), analysed.out());
        assertTrue(json.path("plane").isMissingNode());
    }

    @Test
    void aPointIsEvaluatedAsTheCommandEvaluateDoes() throws IOException {
        Path out = folder.resolve("weights.json");
        CommandLineRun analysed = CommandLineRun.of(
                "analyse", "weights", run, "--grid", 2, "--reach", 0.1, "--problems", 3, "--samples", 2, "--out", out);
        assertEquals(0, analysed.exit(), analysed.err());
        JsonNode json = JSON.readTree(out.toFile());
        JsonNode points = json.at("/plane/points");
        assertEquals(4, points.size());
        // from the last checkpoint the others lie at -3 to 0 and -2 to 0: a tenth more at each end
        assertEquals(-3.3e-3, points.at("/0/a1").asDouble(), 1e-5);
        assertEquals(0.2e-3, points.at("/3/a2").asDouble(), 1e-5);
        assertFalse(Files.exists(folder.resolve("weights.json.partial")));

        CommandLineRun evaluated = CommandLineRun.of(
                "evaluate", "--run", run, "--count", 3, "--samples", 2, "--temperature", 1, "--top-p", 1, "--json");
        assertEquals(0, evaluated.exit(), evaluated.err());
        JsonNode same = JSON.readTree(evaluated.out());
        JsonNode last = json.at("/plane/last");
        assertEquals(6, last.path("completions").asInt());
        assertEquals(
                same.at("/pass@1/value").asDouble(), last.path("correctness").asDouble(), 1e-12);
        assertEquals(same.path("lengthMean").asDouble(), last.path("lengthMean").asDouble(), 1e-12);
        assertEquals(
                same.path("truncatedShare").asDouble(),
                last.path("truncatedShare").asDouble(),
                1e-12);
        assertTrue(last.path("rewardWithoutLength").asDouble()
                >= last.path("reward").asDouble());
    }
}
