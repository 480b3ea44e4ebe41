package io.tramontane.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.SftExample;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.source.SolutionTraces.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SolutionTracesTest {
    private static final ChatTemplate TINY = problem -> MarkedText.foreign(problem.statement() + "\n");

    private static final String GSM8K =
            "{\"question\": \"One egg a day. A week?\", \"answer\": \"It is 1*7=<<1*7=7>>7 eggs.\\n#### 7\"}\n";

    @TempDir
    Path folder;

    private SolutionTraces open(String lines, ThinkTags tags) throws IOException {
        Path file = Files.writeString(folder.resolve("train.jsonl"), lines);
        return SolutionTraces.open(file, new Form(TINY, tags), example -> true, 1);
    }

    @Test
    void aSolutionBecomesTheThoughtsAndTheAnswerStandsInTheBox() throws IOException {
        SftExample example = open(GSM8K, ThinkTags.ANGLE).get(0, 0);
        assertEquals("One egg a day. A week?\n", example.prompt());
        assertEquals("<think>\nIt is 1*7=7 eggs.\n</think>\nThe answer is \\boxed{7}.", example.completion());
        assertEquals(
                "[THINK]\nIt is 1*7=7 eggs.\n[/THINK]\nThe answer is \\boxed{7}.",
                open(GSM8K, ThinkTags.SQUARE).get(5, 0.5).completion());
    }

    @Test
    void aWrittenCompletionIsTakenAsItStands() throws IOException {
        SftExample example = open(
                        "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"fr\",\"statement\":\"1+1 ?\",\"answer\":\"2\","
                                + "\"completion\":\"<think>un et un</think>\\\\boxed{2}\"}\n",
                        ThinkTags.ANGLE)
                .get(3, 0);
        assertEquals("<think>un et un</think>\\boxed{2}", example.completion());
    }

    @Test
    void everyPassHasEveryExampleThatFitsOnce() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 9; i++)
            lines.append(GSM8K.replace("One egg", i + " eggs").replace("1*7", i + "*7"));
        Path file = Files.writeString(folder.resolve("train.jsonl"), lines);
        SolutionTraces traces = SolutionTraces.open(
                file,
                new Form(TINY, ThinkTags.ANGLE),
                example -> !example.prompt().startsWith("4 eggs"),
                1);
        assertEquals(8, traces.size());
        Set<String> pass = LongStream.range(8, 16)
                .mapToObj(i -> traces.get(i, 0).prompt().substring(0, 1))
                .collect(Collectors.toSet());
        assertEquals(Set.of("1", "2", "3", "5", "6", "7", "8", "9"), pass);
    }

    @Test
    void aProblemWithNothingToLearnFromIsNamed() throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n");
        Form form = new Form(TINY, ThinkTags.ANGLE);
        assertEquals(
                file
                        + ": problem a has neither a field \"completion\" nor a \"solution\" with an answer: nothing to learn"
                        + " from",
                assertThrows(BadInputException.class, () -> SolutionTraces.open(file, form, e -> true, 1))
                        .getMessage());
        Files.writeString(file, GSM8K);
        assertEquals(
                file + ": no example fits",
                assertThrows(BadInputException.class, () -> SolutionTraces.open(file, form, e -> false, 1))
                        .getMessage());
    }
}
