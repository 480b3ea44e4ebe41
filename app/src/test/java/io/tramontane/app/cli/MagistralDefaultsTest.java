package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default sampling of a model: by Magistral's card if it has Mistral's marks, else greedy. */
class MagistralDefaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** All weights zero: every token has probability 1 / V, the end among them. */
    private Path model(int positions, boolean magistral) throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.write(folder.resolve(name), HuggingFaceTokenizer.tinyFile(name));
        if (magistral) addToken("[THINK]");
        return weights(1052, positions);
    }

    private Path weights(int vocabulary, int positions) throws IOException {
        PolicyConfig shape = new PolicyConfig(1, 8, 2, 1, 4, 16, vocabulary, positions, 10000, 1e-5, true, 1);
        Checkpoint.write(folder, new WeightSnapshot(shape, 0), null);
        return folder;
    }

    /** A vocabulary that is not the tiny policy's, and no chat template. */
    private Path base() throws IOException {
        model(700, false);
        return weights(10_000, 700);
    }

    private void addToken(String content) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode token = tokenizer.withArray("added_tokens").addObject();
        token.put("id", 1049).put("content", content).put("special", true);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) token.put(flag, false);
        JSON.writeValue(file.toFile(), tokenizer);
    }

    private JsonNode settings(Path model, Object... more) throws IOException {
        List<Object> command =
                new ArrayList<>(List.of("evaluate", "--model", model, "--problems", "gym", "--count", "2", "--json"));
        command.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(command.toArray());
        assertEquals(0, run.exit(), run.err());
        return JSON.readTree(run.out()).path("settings");
    }

    @Test
    void aMagistralModelIsSampledAsItsCardSays() throws IOException {
        JsonNode settings = settings(model(50_000, true));
        assertEquals(0.7, settings.path("temperature").doubleValue());
        assertEquals(0.95, settings.path("topP").doubleValue());
        assertEquals(40_960, settings.path("maxTokens").intValue());
        assertEquals(1, settings.path("samples").intValue());
    }

    @Test
    void aModelWithoutATemplateIsNotTakenForMistrals() throws IOException {
        Path model = base();
        Path out = folder.resolve("numbers.json");
        assertEquals(
                "model " + model + ": has no chat template (neither chat_template.jinja nor chat_template in"
                        + " tokenizer_config.json or chat_template.json), name one with --chat, allowed tiny, magistral",
                complaint("evaluate", "--model", model, "--problems", "gym", "--count", "2", "--out", out));
        assertTrue(Files.notExists(out));
        assertEquals(
                "tiny",
                settings(model, "--chat", "tiny", "--max-tokens", "4")
                        .path("chat")
                        .textValue());
        Path prompts = Files.writeString(folder.resolve("F.jsonl"), "{\"prompt\":\"One\"}\n");
        CommandLineRun raw = CommandLineRun.of(
                "generate", "--model", model, "--prompts", prompts, "--out", folder.resolve("G.jsonl"));
        assertEquals(0, raw.exit(), raw.err());
    }

    @Test
    void aModelThatKnowsMistralsMarksIsTakenForMistrals() throws IOException {
        Path model = base();
        addToken("[SYSTEM_PROMPT]");
        assertEquals(
                "magistral", settings(model, "--max-tokens", "4").path("chat").textValue());
    }

    @Test
    void magistral2506HasNoTokenForThoughtsAndIsKnownByItsTemplate() throws IOException {
        Path model = model(50_000, false);
        addToken("[SYSTEM_PROMPT]");
        Path template = model.resolve("chat_template.jinja");
        Files.writeString(template, "{{ messages[0].content }}");
        assertEquals(0, settings(model, "--max-tokens", "4").path("temperature").doubleValue());
        Files.writeString(template, "{{ messages[0].content }}{# '<think>' + thoughts #}");
        JsonNode settings = settings(model, "--max-tokens", "4");
        assertEquals(0.7, settings.path("temperature").doubleValue());
        assertEquals(0.95, settings.path("topP").doubleValue());
    }

    @Test
    void aRunEvaluatesAMagistralModelAsItsCardSaysUnlessConfigured() throws IOException {
        Path config = Files.writeString(
                folder.resolve("run.yaml"), "model: " + model(50_000, true) + "\nevaluation: {topP: 0.9}\n");
        CommandLineRun run = CommandLineRun.of("train", "--config", config, "--dry-run");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("\n  samples: 1\n  temperature: 0.7\n  topP: 0.9\n"), run.out());
        CommandLineRun several =
                CommandLineRun.of("train", "--config", config, "--dry-run", "--set", "evaluation.samples=8");
        assertTrue(several.out().contains("\n  samples: 8\n  temperature: 0.7\n"), several.err());
        model(50_000, false);
        CommandLineRun other = CommandLineRun.of("train", "--config", config, "--dry-run");
        assertTrue(other.out().contains("\n  samples: 1\n  temperature: 0.0\n  topP: 0.9\n"), other.out());
    }

    @Test
    void flagsAndTheModelsLengthOverrideTheCard() throws IOException {
        Path model = model(600, true);
        int room = settings(model).path("maxTokens").intValue();
        assertTrue(room > 400 && room < 600, room + " tokens left of 600 by the longest prompt");
        JsonNode asked = settings(model, "--temperature", "0", "--top-p", "1", "--max-tokens", "9");
        assertEquals(0, asked.path("temperature").doubleValue());
        assertEquals(1, asked.path("topP").doubleValue());
        assertEquals(9, asked.path("maxTokens").intValue());
    }

    @Test
    void anyOtherModelIsGreedyForOneSampleAndSampledForSeveral() throws IOException {
        Path model = model(50_000, false);
        JsonNode once = settings(model);
        assertEquals(0, once.path("temperature").doubleValue());
        assertEquals(1, once.path("topP").doubleValue());
        assertEquals(2048, once.path("maxTokens").intValue());
        JsonNode several = settings(model, "--samples", "2", "--max-tokens", "9");
        assertEquals(0.7, several.path("temperature").doubleValue());
        assertEquals(0.95, several.path("topP").doubleValue());
        assertEquals(1, several.path("seed").intValue());
    }
}
