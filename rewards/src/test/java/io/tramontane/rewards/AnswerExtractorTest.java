package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswerExtractorTest {
    @Test
    void theLastBoxIsTaken() {
        assertEquals("8", AnswerExtractor.lastBox("\\boxed{7} no, \\boxed{8}").content());
    }

    @Test
    void bracesAreMatched() {
        assertEquals(
                "\\frac{1}{2}",
                AnswerExtractor.lastBox("so \\boxed{\\frac{1}{2}}.").content());
        assertEquals(
                "\\{1, 2\\}", AnswerExtractor.lastBox("\\boxed{\\{1, 2\\}}").content());
        assertEquals("\\}", AnswerExtractor.lastBox("\\boxed{\\}}").content());
    }

    @Test
    void ofABoxInABoxTheInnerOneIsTheLast() {
        assertEquals("5", AnswerExtractor.lastBox("\\boxed{x = \\boxed{5}}").content());
    }

    @Test
    void theFirstBlockWithALanguageIsTheProgram() {
        String answer = "```\nplain\n```\n```py\na\n```\n```cpp\nb\n```\n";
        assertEquals(new AnswerExtractor.Extract("py", "a\n", null), AnswerExtractor.firstProgram(answer));
    }

    @Test
    void aBlockMustBeClosedByALineOfBackticksOnly() {
        assertEquals(
                "a fenced block is never closed",
                AnswerExtractor.firstProgram("```py\na\n``` b\n").missing());
        assertEquals(
                "a fenced block is never closed",
                AnswerExtractor.firstProgram("```py").missing());
        assertEquals("a\n", AnswerExtractor.firstProgram("```py\na\n```").content());
        assertEquals(
                "a ```\n",
                AnswerExtractor.firstProgram("  ``` py\na ```\n```  \nb").content());
    }

    @Test
    void aLongerFenceHoldsAShorterOne() {
        assertEquals(
                "```\n", AnswerExtractor.firstProgram("````py\n```\n````\n").content());
    }

    @Test
    void inlineCodeAndDeepIndentationAreNoBlocks() {
        String none = "no fenced block with a language in the answer part";
        assertEquals(none, AnswerExtractor.firstProgram("```print(1)```\n").missing());
        assertEquals(
                none, AnswerExtractor.firstProgram("    ```py\na\n    ```\n").missing());
        assertEquals(none, AnswerExtractor.firstProgram("```\na\n```\n").missing());
    }

    @Test
    void hostileTextCostsNoTime() {
        String boxes = "\\boxed{".repeat(50_000);
        String fences = "```py\n".repeat(50_000);
        assertTimeout(Duration.ofSeconds(2), () -> {
            AnswerExtractor.lastBox(boxes);
            AnswerExtractor.firstProgram(fences);
        });
    }
}
