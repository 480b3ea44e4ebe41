package io.tramontane.model.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a tekken.json alone says of a model. */
class MistralMarksTest {
    private static final TokenizerFiles FILES =
            TokenizerFiles.of(Path.of("src/test/resources/mistral-tokenizers/tekken"));

    @Test
    void itsSpecialTokensMakeAMagistral() {
        assertEquals(new Marks(true, true, true), Marks.of(FILES));
        assertEquals(ThinkTags.SQUARE, ChatTemplates.thinkTags("model-plain", FILES));
    }

    @Test
    void aSentencePieceModelOfMistralsIsNone() {
        TokenizerFiles files = TokenizerFiles.of(Path.of("src/test/resources/mistral-tokenizers/spm"));
        assertEquals(new Marks(false, true, false), Marks.of(files));
        assertEquals(ThinkTags.ANGLE, ChatTemplates.thinkTags("model-plain", files));
    }
}
