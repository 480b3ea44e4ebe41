package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code evaluate} with the tiny policy, which writes thoughts between marks and an answer after a statement. Where the prompt begins
 * the thoughts for it, the prompt's mark counts; where it ends them as well, the format gate refuses what lacks the marks, and {@code
 * --free-form} judges its answer.
 */
class FreeFormEvaluationTest {
    private static final int PROBLEMS = 21;

    @TempDir
    Path folder;

    private Path model;

    /** The samples of an evaluation, the first of each problem, and what was printed. */
    private record Evaluated(List<JsonNode> samples, String printed) {
        List<String> all(String field) {
            return samples.stream().map(s -> s.path(field).asText()).toList();
        }

        /** The same field of all samples. */
        String only(String field) {
            List<String> different = all(field).stream().distinct().toList();
            assertEquals(1, different.size(), field + " " + different);
            return different.get(0);
        }

        boolean advises() {
            return printed.contains(" --free-form judges their answers all the same.");
        }
    }

    @BeforeEach
    void theTinyPolicyWithATemplateOfItsOwn() throws IOException {
        Path shipped = ModelFolder.resolve(ModelFolder.TINY);
        model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"))
            Files.copy(shipped.resolve(name), model.resolve(name));
    }

    /** Greedy, and after the statement the prompt goes on with {@code begun}. */
    private Evaluated evaluated(String begun, String... more) throws IOException {
        Files.writeString(model.resolve("chat_template.jinja"), "{{ messages[0]['content'] + '\\n" + begun + "' }}");
        Path out = folder.resolve("numbers.json");
        List<Object> command = new ArrayList<>(List.of("evaluate", "--model", model, "--chat", "model-plain"));
        command.addAll(List.of("--problems", "gym", "--count", PROBLEMS, "--max-tokens", 64, "--out", out));
        command.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(command.toArray());
        assertEquals(0, run.exit(), run.err());
        JsonNode numbers = new ObjectMapper().readTree(out.toFile());
        assertEquals(more.length > 0, numbers.path("freeForm").booleanValue());
        List<JsonNode> samples = new ArrayList<>();
        for (JsonNode problem : numbers.path("perProblem"))
            samples.add(problem.path("samples").path(0));
        assertEquals(PROBLEMS, samples.size());
        return new Evaluated(samples, run.out());
    }

    @Test
    void thoughtsThatThePromptBeganAreJudgedAsIfThePolicyHadBegunThem() throws IOException {
        Evaluated whole = evaluated("");
        assertTrue(whole.all("verdict").containsAll(List.of("CORRECT", "WRONG")), whole.printed());
        Evaluated begun = evaluated("<think>");
        assertEquals(whole.all("verdict"), begun.all("verdict"));
        assertEquals(whole.all("extracted"), begun.all("extracted"));
        // and the mark itself is a token that it did not write
        assertEquals(
                whole.samples().stream()
                        .mapToInt(s -> s.path("tokens").intValue() - 1)
                        .boxed()
                        .toList(),
                begun.samples().stream()
                        .mapToInt(s -> s.path("tokens").intValue())
                        .boxed()
                        .toList());
        assertTrue(!begun.advises(), begun.printed());
    }

    @Test
    void aCompletionWithoutMarksIsAllAnswer() throws IOException {
        String thought = "<think>1.</think>";
        Evaluated gated = evaluated(thought);
        assertEquals("FORMAT_ERROR", gated.only("verdict"));
        assertEquals("", gated.only("extracted"));
        assertTrue(gated.advises(), gated.printed());
        Evaluated free = evaluated(thought, "--free-form");
        assertTrue(!free.advises(), free.printed());
        assertTrue(List.of("CORRECT", "WRONG").containsAll(free.all("verdict")), free.printed());
        for (String answer : free.all("extracted")) assertTrue(answer.matches("[0-9]+"), answer);
    }
}
