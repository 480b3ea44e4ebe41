package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a model folder whose tokenizer is a tekken.json and nothing else. */
class MistralFormTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TEKKEN =
            Markdown.ROOT.resolve("model/src/test/resources/mistral-tokenizers/tekken/tekken.json");

    @TempDir
    Path folder;

    private Path model;

    /** All weights zero: every token has probability 1 / V. */
    @BeforeEach
    void makeModel() throws IOException {
        model = folder.resolve("model");
        PolicyConfig shape = new PolicyConfig(1, 8, 2, 1, 4, 16, 10_000, 700, 10000, 1e-5, true, 2);
        Checkpoint.write(model, new WeightSnapshot(shape, 0), null);
        Files.copy(TEKKEN, model.resolve("tekken.json"));
        Files.writeString(model.resolve("SYSTEM_PROMPT.txt"), "Think first.");
    }

    private static CommandLineRun run(Object... command) {
        CommandLineRun run = CommandLineRun.of(command);
        assertEquals(0, run.exit(), run.err());
        return run;
    }

    private static JsonNode first(Path lines) throws IOException {
        return JSON.readTree(Files.readAllLines(lines).get(0));
    }

    @Test
    void generateAndLogprobsTakeIt() throws IOException {
        Path prompts = Files.writeString(folder.resolve("F.jsonl"), "{\"prompt\":\"[INST]hi[/INST]\"}\n");
        Path out = folder.resolve("G.jsonl");
        run("generate", "--model", model, "--prompts", prompts, "--out", out, "--max-tokens", "4", "--control-tokens");
        JsonNode line = first(out);
        List<Integer> prompt = new ArrayList<>();
        line.path("promptTokens").forEach(id -> prompt.add(id.intValue()));
        assertEquals(List.of(3, 40 + 'h', 40 + 'i', 4), prompt); // "hi" is beyond the cut file's ranks
        Path tokens = Files.writeString(folder.resolve("T.jsonl"), "{\"tokens\":[1,3,144,4]}\n");
        Path judged = folder.resolve("L.jsonl");
        run("logprobs", "--model", model, "--tokens", tokens, "--out", judged);
        assertEquals(-Math.log(10_000), first(judged).path("logprobs").get(2).doubleValue(), 1e-5);
    }

    private JsonNode settings() throws IOException {
        CommandLineRun run =
                run("evaluate", "--model", model, "--problems", "gym", "--count", "2", "--json", "--max-tokens", "4");
        return JSON.readTree(run.out()).path("settings");
    }

    @Test
    void aTokenForThoughtsMakesItAMagistral() throws IOException {
        JsonNode settings = settings();
        assertEquals("model-tokens", settings.path("chat").textValue());
        assertEquals(0.7, settings.path("temperature").doubleValue());
        assertEquals(0.95, settings.path("topP").doubleValue());
    }

    @Test
    void magistral2506HasNoSuchTokenAndIsKnownByItsSystemPrompt() throws IOException {
        String json = Files.readString(TEKKEN).replace("\"[THINK]\"", "\"[X]\"").replace("\"v13\"", "\"v7\"");
        Files.writeString(model.resolve("tekken.json"), json);
        JsonNode other = settings();
        assertEquals("model", other.path("chat").textValue());
        assertEquals(0, other.path("temperature").doubleValue());
        Files.writeString(model.resolve("SYSTEM_PROMPT.txt"), "Put thoughts between <think> and </think>.");
        JsonNode settings = settings();
        assertEquals("model", settings.path("chat").textValue());
        assertEquals(0.7, settings.path("temperature").doubleValue());
    }

    @Test
    void whatIsExportedHasBothForms() throws IOException {
        Path out = folder.resolve("out");
        run("export", model, "--out", out, "--dtype", "f32");
        assertArrayEquals(Files.readAllBytes(TEKKEN), Files.readAllBytes(out.resolve("tekken.json")));
        assertEquals("Think first.", Files.readString(out.resolve("SYSTEM_PROMPT.txt")));
        assertTrue(Files.isRegularFile(out.resolve("tokenizer.json")));
        Checkpoint.fittingConfig(out);
        String text = "Été 12 [INST]\n";
        try (HuggingFaceTokenizer before = HuggingFaceTokenizer.open(model);
                HuggingFaceTokenizer after = HuggingFaceTokenizer.open(out)) {
            assertArrayEquals(before.encode(text), after.encode(text));
            assertEquals(text.replace("[INST]", ""), after.decode(after.encode(text)));
        }
        // A checkpoint of a run is written from the exported files, with all of them.
        Path again = folder.resolve("again");
        Checkpoint.write(again, Checkpoint.read(out, 1), out.resolve("tokenizer.json"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "tekken.json", "SYSTEM_PROMPT.txt"))
            assertArrayEquals(Files.readAllBytes(out.resolve(name)), Files.readAllBytes(again.resolve(name)), name);
    }

    @Test
    void aTokenizerThatIsLargerThanTheModelIsRefused() throws IOException {
        String json = Files.readString(TEKKEN);
        Path small = folder.resolve("small");
        PolicyConfig shape = new PolicyConfig(1, 8, 2, 1, 4, 16, 2_629, 700, 10000, 1e-5, true, 2);
        Checkpoint.write(small, new WeightSnapshot(shape, 0), null);
        Files.writeString(small.resolve("tekken.json"), json);
        String complaint = CommandLineRun.complaint(
                "evaluate", "--model", small, "--problems", "gym", "--count", "2", "--chat", "tiny");
        assertTrue(complaint.endsWith("is beyond the model's vocabulary of 2629, allowed 0 to 2628"), complaint);
    }
}
