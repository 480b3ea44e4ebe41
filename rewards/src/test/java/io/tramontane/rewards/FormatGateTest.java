package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Problem.Kind;
import org.junit.jupiter.api.Test;

class FormatGateTest {
    @Test
    void aWellFormedMathsCompletionIsTakenApart() {
        FormatGate.Parts parts = FormatGate.check(Kind.MATH, "<think>3+4=7.</think>\nIt is \\boxed{7}.");
        assertEquals(new FormatGate.Parts("3+4=7.", "\nIt is \\boxed{7}.", "7", "boxed", null), parts);
    }

    @Test
    void aWellFormedProgramIsTakenApart() {
        FormatGate.Parts parts = FormatGate.check(Kind.CODE, "<think>Easy.</think>Here:\n```Python\nprint(1)\n```\n");
        assertEquals("print(1)\n", parts.extracted());
        assertEquals("python", parts.tag());
    }

    @Test
    void itMustStartWithTheTag() {
        assertFails("does not start with <think>", " <think>a</think>\\boxed{7}");
        assertFails("does not start with <think>", "a</think>\\boxed{7}");
        assertFails("does not start with <think>", "");
    }

    @Test
    void thereIsExactlyOnePair() {
        assertFails("no </think>", "<think>a \\boxed{7}");
        assertFails("more than one <think>", "<think>a<think>b</think>\\boxed{7}");
        assertFails("more than one </think>", "<think>a</think>b</think>\\boxed{7}");
        assertFails("more than one <think>", "<think>a</think>\\boxed{7} <think>");
    }

    @Test
    void aBoxInTheThoughtsDoesNotCount() {
        assertFails("no \\boxed{} in the answer part", "<think>\\boxed{7}</think>It is 7.");
    }

    @Test
    void anOpenOrEmptyBoxDoesNotCount() {
        assertFails("the last \\boxed{ is never closed", "<think></think>\\boxed{7} \\boxed{\\frac{1}{2}");
        assertFails("the last \\boxed{} is empty", "<think></think>\\boxed{7} \\boxed{ }");
    }

    @Test
    void emptyThoughtsAreAllowed() {
        assertEquals(
                null, FormatGate.check(Kind.MATH, "<think></think>\\boxed{7}").failure());
    }

    private static void assertFails(String why, String text) {
        assertEquals(why, FormatGate.check(Kind.MATH, text).failure());
    }
}
