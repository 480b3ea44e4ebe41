package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tramontane.app.RandomModel;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.trainer.Trainer;
import io.tramontane.trainer.TrainerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code generate} says of its tokens, what {@code logprobs} says of the same ids, and what the training forward says: the
 * same log-probabilities. The weights are random, so that sampled ids are not those that the tokenizer makes of their text.
 */
class LogprobsAgreeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void greedyCompletions() throws IOException {
        check("--temperature", "0", "--samples", "1");
    }

    @Test
    void completionsSampledFromTheWholeDistribution() throws IOException {
        assertEquals(8, check("--temperature", "1", "--samples", "4", "--seed", "3"));
    }

    /** Returns how many completions are not what the tokenizer makes of their text. */
    private int check(String... drawing) throws IOException {
        Path model = RandomModel.in(folder.resolve("model"));
        List<JsonNode> completions = generated(model, drawing);
        List<JsonNode> judged = judged(model, completions);
        assertEquals(completions.size(), judged.size());
        int unlike = 0;
        try (Trainer trainer = Trainer.fresh(Checkpoint.read(model, 0), TrainerConfig.defaults(), 1);
                Tokenizer tokenizer = HuggingFaceTokenizer.tiny()) {
            for (int i = 0; i < completions.size(); i++) {
                int[] completion = JSON.convertValue(completions.get(i).path("tokens"), int[].class);
                int from = completions.get(i).path("promptTokens").size();
                float[] generated = floats(completions.get(i).path("logprobs"));
                if (!Arrays.equals(completion, tokenizer.encode(tokenizer.decode(completion)))) unlike++;
                float[] command = floats(judged.get(i).path("logprobs"));
                int[] whole = JSON.convertValue(judged.get(i).path("tokens"), int[].class);
                assertEquals(whole.length - 1, command.length);
                assertArrayEquals(generated, Arrays.copyOfRange(command, from - 1, command.length), 1e-5f);
                assertArrayEquals(command, trainer.score(whole, 1), 1e-5f);
            }
        }
        return unlike;
    }

    private List<JsonNode> generated(Path model, String... drawing) throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("F.jsonl"), "{\"prompt\":\"Two and two\"}\n{\"prompt\":\"Combien font 7 * 6 ?\\n\"}\n");
        Path out = folder.resolve("G.jsonl");
        List<Object> command = new ArrayList<>(List.of(
                "generate",
                "--model",
                model,
                "--prompts",
                prompts,
                "--out",
                out,
                "--max-tokens",
                "24",
                "--threads",
                "1"));
        command.addAll(List.of(drawing));
        return lines(out, command);
    }

    /** The prompt's ids and the completion's, as {@code generate} wrote them. */
    private List<JsonNode> judged(Path model, List<JsonNode> completions) throws IOException {
        StringBuilder sequences = new StringBuilder();
        for (JsonNode completion : completions) {
            var tokens = JSON.createArrayNode();
            tokens.addAll((ArrayNode) completion.path("promptTokens"));
            tokens.addAll((ArrayNode) completion.path("tokens"));
            sequences.append("{\"tokens\":").append(tokens).append("}\n");
        }
        Path in = Files.writeString(folder.resolve("T.jsonl"), sequences);
        Path out = folder.resolve("L.jsonl");
        return lines(out, List.of("logprobs", "--model", model, "--tokens", in, "--out", out));
    }

    private static List<JsonNode> lines(Path out, List<Object> command) throws IOException {
        CommandLineRun run = CommandLineRun.of(command.toArray());
        assertEquals(0, run.exit(), run.err());
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out)) lines.add(JSON.readTree(line));
        return lines;
    }

    private static float[] floats(JsonNode numbers) {
        return JSON.convertValue(numbers, float[].class);
    }
}
