package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tramontane.data.MarkedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks of thoughts that are tokens, beside texts that only look like them. */
class ThoughtMarksTest {
    @TempDir
    Path folder;

    private HuggingFaceTokenizer magistral() throws IOException {
        Files.copy(Path.of("src/test/resources/mistral-tokenizers/tekken/tekken.json"), folder.resolve("tekken.json"));
        return HuggingFaceTokenizer.open(folder);
    }

    private static int[] places(Tokenizer tokenizer, MarkedText text) {
        int[] tokens = tokenizer.encode(text);
        assertEquals(text.string(), tokenizer.decode(tokens));
        return ThoughtMarks.places(tokenizer, tokens, text.string());
    }

    @Test
    void tokensAreFoundWhereTheyStand() throws IOException {
        try (HuggingFaceTokenizer tokenizer = magistral()) {
            assertEquals(Set.of(34, 35), tokenizer.thoughtMarks());
            assertArrayEquals(new int[] {0, 10}, places(tokenizer, MarkedText.own("[THINK]abé[/THINK]c")));
            assertArrayEquals(new int[] {}, places(tokenizer, MarkedText.own("no thoughts")));
        }
    }

    @Test
    void whatIsSpeltLikeAMarkIsNone() throws IOException {
        try (HuggingFaceTokenizer tokenizer = magistral()) {
            MarkedText spelt = MarkedText.foreign("[THINK]a[/THINK]");
            assertArrayEquals(new int[] {}, places(tokenizer, spelt));
            MarkedText both = MarkedText.own("[THINK]")
                    .plus(MarkedText.foreign("[THINK] 弹 [/THINK]"))
                    .plus(MarkedText.own("[/THINK]"))
                    .plus(MarkedText.foreign("x[/THINK]"));
            assertArrayEquals(new int[] {0, 25}, places(tokenizer, both));
        }
    }

    @Test
    void aTextThatWasCutHasTheMarksThatAreLeft() throws IOException {
        try (HuggingFaceTokenizer tokenizer = magistral()) {
            int[] tokens = tokenizer.encode(MarkedText.own("[THINK]ab[/THINK]c stop"));
            assertArrayEquals(new int[] {0}, ThoughtMarks.places(tokenizer, tokens, "[THINK]ab"));
        }
    }

    @Test
    void aTokenizerWithoutMarksLeavesThemToTheText() {
        try (Tokenizer none = new Pieces()) {
            assertNull(ThoughtMarks.places(none, none.encode("<think>"), "<think>"));
        }
    }
}
