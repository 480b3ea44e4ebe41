package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Problem.Kind;
import io.tramontane.data.ThinkTags;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormatGateTest {
    @Test
    void aWellFormedMathsCompletionIsTakenApart() {
        FormatGate.Parts parts =
                new FormatGate(ThinkTags.ANGLE).check(Kind.MATH, "<think>3+4=7.</think>\nIt is \\boxed{7}.");
        assertEquals(new FormatGate.Parts("3+4=7.", "\nIt is \\boxed{7}.", "7", "boxed", null), parts);
    }

    @Test
    void aWellFormedProgramIsTakenApart() {
        FormatGate.Parts parts = new FormatGate(ThinkTags.ANGLE)
                .check(Kind.CODE, "<think>Easy.</think>Here:\n```Python\nprint(1)\n```\n");
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

    private static String failure(String text, int... marks) {
        return new FormatGate(ThinkTags.SQUARE).check(Kind.MATH, text, marks).failure();
    }

    /** Of a model with tokens for the marks: [THINK] at 0 and [/THINK] at 8 are tokens unless a case says otherwise. */
    @Test
    void whereMarksAreTokensOnlyTokensCount() {
        String good = "[THINK]a[/THINK]\\boxed{7}";
        assertEquals(null, failure(good, 0, 8));
        assertEquals("does not start with [THINK]", failure(good)); // both spelt
        assertEquals("does not start with [THINK]", failure(good, 8)); // the opening is spelt
        assertEquals("no [/THINK]", failure(good, 0)); // the closing is spelt
        assertEquals("more than one [/THINK]", failure(good + "[/THINK]", 0, 8, 25));
        assertEquals("more than one [THINK]", failure("[THINK][THINK]a[/THINK]\\boxed{7}", 0, 7, 15));
        assertEquals("does not start with [THINK]", failure("[/THINK]a[THINK]\\boxed{7}", 0, 9));
    }

    /** Thoughts that quote a mark, or an answer about marks: text that a policy may write. */
    @Test
    void whatIsSpeltLikeAMarkIsTextThere() {
        FormatGate.Parts quoted = new FormatGate(ThinkTags.SQUARE)
                .check(Kind.MATH, "[THINK]say [/THINK]?[/THINK][THINK] \\boxed{7}", new int[] {0, 20});
        assertEquals(new FormatGate.Parts("say [/THINK]?", "[THINK] \\boxed{7}", "7", "boxed", null), quoted);
        // a box behind a spelt mark is still in the thoughts
        assertEquals("no \\boxed{} in the answer part", failure("[THINK]a[/THINK]\\boxed{7}[/THINK]", 0, 25));
    }

    @Test
    void emptyThoughtsAreAllowed() {
        assertEquals(
                null,
                new FormatGate(ThinkTags.ANGLE)
                        .check(Kind.MATH, "<think></think>\\boxed{7}")
                        .failure());
    }

    /** Every edge that docs/rewards.md decides, for maths: why it fails, or what is extracted after "=". */
    static Stream<Arguments> mathsEdges() {
        return Stream.of(
                Arguments.of("=7", "<think>a</think>\\boxed{7}"),
                Arguments.of("=7", "<think>\r\na\r\n</think>\r\nSo\r\n\\boxed{ 7 }\r\n"), // CRLF
                Arguments.of("does not start with <think>", "\uFEFF<think>a</think>\\boxed{7}"), // byte order mark
                Arguments.of("does not start with <think>", "\n<think>a</think>\\boxed{7}"),
                Arguments.of("does not start with <think>", "<THINK>a</THINK>\\boxed{7}"),
                Arguments.of("does not start with <think>", "< think>a</think>\\boxed{7}"),
                Arguments.of("does not start with <think>", "<think >a</think>\\boxed{7}"),
                Arguments.of("does not start with <think>", "[THINK]a[/THINK]\\boxed{7}"),
                Arguments.of("no </think>", "<think>a</THINK>\\boxed{7}"),
                Arguments.of("no </think>", "<think>a</ think>\\boxed{7}"),
                Arguments.of("=7", "<think>a <THINK> b</think>\\boxed{7}"), // another case is ordinary text
                Arguments.of("=7", "<think>a [THINK] b [/THINK]</think>\\boxed{7}"),
                Arguments.of("more than one <think>", "<think>`<think>` is a tag</think>\\boxed{7}"), // also in code
                Arguments.of("more than one </think>", "<think>a</think>\n```\n</think>\n```\n\\boxed{7}"),
                Arguments.of("more than one <think>", "<think>a</think>\\boxed{<think>}"),
                Arguments.of("no </think>", "<think>a, so \\boxed{7}"), // cut before the end
                Arguments.of("no \\boxed{} in the answer part", "<think>\\boxed{7}</think>It is 7."),
                Arguments.of("no \\boxed{} in the answer part", "<think>a</think>"),
                Arguments.of("no \\boxed{} in the answer part", "<think>a</think>\\boxed 5"),
                Arguments.of("no \\boxed{} in the answer part", "<think>a</think>\\boxed {5}"),
                Arguments.of("no \\boxed{} in the answer part", "<think>a</think>\\fbox{5}"),
                Arguments.of("no \\boxed{} in the answer part", "<think>a</think>\\Boxed{5} boxed{5}"),
                Arguments.of("the last \\boxed{ is never closed", "<think>a</think>\\boxed{5} or \\boxed{5"),
                Arguments.of("the last \\boxed{ is never closed", "<think>a</think>\\boxed{\\frac{1}{2}"),
                Arguments.of("the last \\boxed{ is never closed", "<think>a</think>\\boxed{5\\}"),
                Arguments.of("the last \\boxed{} is empty", "<think>a</think>\\boxed{5} \\boxed{\n\t}"),
                Arguments.of("=8", "<think>a</think>\\boxed{7} no, \\boxed{8}"),
                Arguments.of("=5", "<think>a</think>\\boxed{x = \\boxed{5}}"), // of nested boxes the inner one
                Arguments.of("=5", "<think>a</think>\\boxed{\\boxed{5}}"),
                Arguments.of("=5\\\\", "<think>a</think>\\boxed{5\\\\}"), // an escaped backslash escapes no brace
                Arguments.of("=\\{1, 2\\}", "<think>a</think>\\boxed{\\{1, 2\\}}"),
                Arguments.of("=7", "<think>a</think>```\n\\boxed{7}\n```"), // a box in code is a box
                Arguments.of("=7", "<think></think>\\boxed{7}"));
    }

    @ParameterizedTest
    @MethodSource("mathsEdges")
    void everyEdgeOfTheMathsGateIsDecided(String expected, String text) {
        assertEquals(expected, found(Kind.MATH, text));
    }

    static Stream<Arguments> codeEdges() {
        String open = "a fenced block is never closed";
        String none = "no fenced block with a language in the answer part";
        return Stream.of(
                Arguments.of("python=p\n", "```python\np\n```"),
                Arguments.of("python=p\r\n", "```python\r\np\r\n```\r\n"), // CRLF
                Arguments.of("python=p\n", "```Python\np\n```\n"),
                Arguments.of("python=p\n", "``` python {.numbered}\np\n```\n"),
                Arguments.of("python=p\n", "```python{.numbered}\np\n```\n"),
                Arguments.of("cpp=p\n", "```cpp:main.cpp\np\n```\n"),
                Arguments.of("c++=p\n", "   ```c++\np\n   ```\n"),
                Arguments.of(none, "```{.python}\np\n```\n"), // attributes are no language
                Arguments.of(none, "```\np\n```\n"),
                Arguments.of(none, "~~~python\np\n~~~\n"), // the paper says backticks
                Arguments.of(none, "    ```python\np\n    ```\n"), // four blanks
                Arguments.of(none, "\t```python\np\n\t```\n"),
                Arguments.of(none, "``python\np\n``\n"),
                Arguments.of(none, "Use ```python\np\n"), // not at the start of a line
                Arguments.of(none, "```python p```\n"), // inline code
                Arguments.of(open, "```python\np\n"),
                Arguments.of(open, "```python\np\n``` end\n"),
                Arguments.of(open, "```python\np\n~~~\n"),
                Arguments.of(open, "```\nopen\n```python\np\n"), // the second fence belongs to the open block
                Arguments.of("python=p\n", "```\nplain\n```\n```python\np\n```\n```cpp\nq\n```\n"),
                Arguments.of("python=```cpp\nq\n```\n", "````python\n```cpp\nq\n```\n````\n"), // a longer fence
                Arguments.of("cpp=q\n", "````\n```python\np\n```\n````\n```cpp\nq\n```\n"),
                Arguments.of("python=p\n", "~~~\n```python\np\n```\n~~~\n"), // tildes mean nothing
                Arguments.of("text=p\n", "```text\np\n```\n```python\nq\n```\n"), // the first one, whatever it names
                Arguments.of("python=", "```python\n```\n"));
    }

    @ParameterizedTest
    @MethodSource("codeEdges")
    void everyEdgeOfTheCodeGateIsDecided(String expected, String answer) {
        assertEquals(expected, found(Kind.CODE, "<think>a</think>\n" + answer));
        assertEquals(
                "no fenced block with a language in the answer part",
                found(Kind.CODE, "<think>" + answer + "</think>"));
    }

    private static String found(Kind kind, String text) {
        FormatGate.Parts parts = new FormatGate(ThinkTags.ANGLE).check(kind, text);
        if (!parts.passed()) return parts.failure();
        return (kind == Kind.MATH ? "" : parts.tag()) + "=" + parts.extracted();
    }

    @Test
    void squareTagsAreAChoice() {
        FormatGate square = new FormatGate(ThinkTags.SQUARE);
        assertEquals("7", square.check(Kind.MATH, "[THINK]a[/THINK]\\boxed{7}").extracted());
        assertEquals(
                " <think> ",
                square.check(Kind.MATH, "[THINK] <think> [/THINK]\\boxed{7}").thoughts());
        assertEquals(
                "does not start with [THINK]",
                square.check(Kind.MATH, "<think>a</think>\\boxed{7}").failure());
        assertEquals(
                "more than one [/THINK]",
                square.check(Kind.MATH, "[THINK]a[/THINK][/THINK]\\boxed{7}").failure());
    }

    private static void assertFails(String why, String text) {
        assertEquals(why, new FormatGate(ThinkTags.ANGLE).check(Kind.MATH, text).failure());
    }
}
