package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.GroupRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PromptsTest {
    private static final Problem SHORT = problem("short", "1+1=?");
    private static final Problem OTHER = problem("other", "1+2=?");
    private static final Problem LONG = problem("long", "1+1+1+1+1+1+1+1+1+1+1+1=?");

    private final Tokenizer tokenizer =
            new HuggingFaceTokenizer(TokenizerFiles.of(ModelFolder.resolve("builtin:tiny")));
    private final int longest = tokenizer.encode(ChatTemplates.named("tiny").prompt(SHORT)).length;

    private static Problem problem(String id, String statement) {
        return Problem.math(id, "en", statement, "2", Map.of());
    }

    /** These problems over and over. */
    private record Repeated(List<Problem> problems) implements ProblemSource {
        @Override
        public Problem get(long index) {
            return problems.get((int) (index % problems.size()));
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(problems.size());
        }
    }

    private Prompts prompts(List<Problem> training, Problem... evaluation) {
        return new Prompts(
                new TreeMap<>(Map.of(1, new Prompts.Training(new Repeated(training), 2, 60))),
                new Repeated(List.of(evaluation)),
                ChatTemplates.named("tiny"),
                tokenizer,
                longest);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void aLongTrainingProblemIsLeftOutAndAlwaysTheSameTakesItsPlace() {
        Prompts prompts = prompts(List.of(SHORT, LONG, OTHER), SHORT);
        assertEquals(
                Optional.of("1 of 3 training problems have prompts longer than rollout.maxPromptTokens " + longest
                        + ": left out"),
                prompts.check(1));
        assertEquals("short", prompts.training(0, 1).problem().id());
        assertEquals("other", prompts.training(2, 1).problem().id());
        // 1 + 1,000,003 leaves 2 when it is divided by 3
        assertEquals("other", prompts.training(1, 1).problem().id());
        assertEquals(1, prompts.training(1, 1).id());
        assertArrayEquals(
                prompts.training(2, 1).promptTokens(), prompts.training(1, 1).promptTokens());
    }

    @Test
    void nothingIsSaidWhereEveryPromptFits() {
        assertEquals(Optional.empty(), prompts(List.of(SHORT, OTHER), SHORT).check(1));
    }

    @Test
    void onlyLongPromptsAreTheUsersMistake() {
        Prompts prompts = prompts(List.of(LONG), SHORT);
        assertThrows(BadInputException.class, () -> prompts.check(1));
        assertThrows(BadInputException.class, () -> prompts.training(0, 1));
    }

    @Test
    void aLongEvaluationProblemIsNamed() {
        int length = tokenizer.encode(ChatTemplates.named("tiny").prompt(LONG)).length;
        Prompts prompts = prompts(List.of(SHORT), SHORT, LONG);
        assertEquals(Optional.empty(), prompts.check(1));
        assertEquals(
                "evaluation problem long: prompt of " + length + " tokens, rollout.maxPromptTokens allows " + longest,
                assertThrows(BadInputException.class, () -> prompts.check(2)).getMessage());
    }

    @Test
    void aGroupIsSampledAsTheStageOfItsStepAsks() {
        Prompts prompts = new Prompts(
                new TreeMap<>(Map.of(
                        1, new Prompts.Training(new Repeated(List.of(SHORT)), 4, 60),
                        40, new Prompts.Training(new Repeated(List.of(SHORT, OTHER)), 2, 90))),
                new Repeated(List.of(SHORT)),
                ChatTemplates.named("tiny"),
                tokenizer,
                longest);
        GroupRequest before = prompts.training(1, 39);
        assertEquals(List.of("short", 4, 60), List.of(before.problem().id(), before.samples(), before.maxTokens()));
        GroupRequest after = prompts.training(1, 40);
        assertEquals(List.of("other", 2, 90), List.of(after.problem().id(), after.samples(), after.maxTokens()));
    }
}
