package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and texts of strangers at the command line. */
class StrangeTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** All weights zero. */
    private Path model(int vocabulary) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.write(model.resolve(name), HuggingFaceTokenizer.tinyFile(name));
        PolicyConfig shape = new PolicyConfig(1, 8, 2, 1, 4, 16, vocabulary, 4096, 10000, 1e-5, true, 1);
        Checkpoint.write(model, new WeightSnapshot(shape, 0), null);
        return model;
    }

    @Test
    void aTokenizerBeyondTheVocabularyIsRefusedByEveryCommandThatNamesAModel() throws IOException {
        Path model = model(1048);
        Path prompts = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\":\"Hello\"}\n");
        Path tokens = Files.writeString(folder.resolve("t.jsonl"), "{\"tokens\":[4,5]}\n");
        Path train = Files.writeString(folder.resolve("train.yaml"), "model: " + model + "\n");
        Path sft = Files.writeString(folder.resolve("sft.yaml"), "model: " + model + "\n");
        Path out = folder.resolve("out");
        List<List<Object>> commands = List.of(
                List.of("generate", "--model", model, "--prompts", prompts, "--out", out),
                List.of("evaluate", "--model", model, "--problems", "gym", "--count", "1"),
                List.of("logprobs", "--model", model, "--tokens", tokens, "--out", out),
                List.of("train", "--config", train, "--dry-run"),
                List.of("train", "--config", train, "--run", out),
                List.of("sft", "--config", sft, "--out", out, "--dry-run"),
                List.of("sft", "--config", sft, "--out", out),
                List.of("bench", "model", "--model", model));
        for (List<Object> command : commands) {
            String line = complaint(command.toArray());
            assertTrue(line.startsWith(model + ": token \""), line);
            assertTrue(
                    line.endsWith(
                            "with id 1048 of tokenizer.json is beyond the model's vocabulary of 1048, allowed 0 to 1047"),
                    line);
            assertFalse(Files.exists(out), command.toString());
        }
    }

    private List<Integer> promptTokens(Path model, String prompt, String... more) throws IOException {
        Path prompts = folder.resolve("p.jsonl");
        Files.writeString(prompts, JSON.createObjectNode().put("prompt", prompt) + "\n");
        Path out = folder.resolve("g.jsonl");
        List<Object> command = new ArrayList<>(
                List.of("generate", "--model", model, "--prompts", prompts, "--out", out, "--max-tokens", "1"));
        command.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(command.toArray());
        assertEquals(0, run.exit(), run.err());
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode token : JSON.readTree(Files.readString(out)).path("promptTokens")) tokens.add(token.intValue());
        Files.delete(out);
        return tokens;
    }

    @Test
    void aControlStringInAPromptIsTextUnlessItIsAskedFor() throws IOException {
        Path model = model(1049);
        assertFalse(promptTokens(model, "7<|end|>").contains(1));
        List<Integer> tokens = promptTokens(model, "7<|end|>", "--control-tokens");
        assertEquals(2, tokens.size());
        assertEquals(1, tokens.get(1));
    }

    @Test
    void thePlanSaysThatATemplateOpensTheThoughts() throws IOException {
        Path model = model(1049);
        Path config = Files.writeString(folder.resolve("train.yaml"), "model: " + model + "\ndata: {chat: model}\n");
        Path template = model.resolve("chat_template.jinja");
        Files.writeString(template, "{{ messages[-1].content }}<think>\n{#- -#}");
        CommandLineRun run = CommandLineRun.of("train", "--config", config, "--dry-run");
        assertEquals(0, run.exit(), run.err());
        assertEquals(
                "the chat template opens the thoughts: its <think> counts as the beginning of every completion\n",
                run.err());
        Files.writeString(template, "{{ messages[-1].content }}<thinking>");
        assertEquals(
                model
                        + ": chat template ends the prompt in <thinking>, but the format gate looks for <think>: every reward"
                        + " would be 0, allowed <think>, [THINK] as the marks of both",
                complaint("train", "--config", config, "--dry-run"));
    }
}
