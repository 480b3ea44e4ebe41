package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.ThinkTags;
import org.junit.jupiter.api.Test;

class FreeFormTest {
    private final FreeForm form = new FreeForm(ThinkTags.ANGLE);

    @Test
    void aModelThatDoesNotThinkHasAnAnswer() {
        assertEquals("<think></think>It is \\boxed{4}.", form.judged("It is \\boxed{4}."));
    }

    @Test
    void thoughtsThatThePromptBeganAreClosed() {
        assertEquals("<think>Two and two.</think>\\boxed{4}", form.judged("Two and two.</think>\\boxed{4}"));
    }

    @Test
    void thoughtsInMarksAreLeftAlone() {
        assertEquals("<think>Two and two.</think>\\boxed{4}", form.judged("<think>Two and two.</think>\\boxed{4}"));
        assertEquals("<think>Cut: \\boxed{4}", form.judged("<think>Cut: \\boxed{4}"));
        assertEquals("[THINK][/THINK]<think>4", new FreeForm(ThinkTags.SQUARE).judged("<think>4"));
    }
}
