package io.tramontane.model.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.Pieces;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {
    private static final Pieces MARKED =
            new Pieces("[THINK]", "[/THINK]", "[TOOL_CALLS]", "[CALL_ID]", "[ARGS]", "<tool_call>", "</tool_call>");
    private static final Pieces PLAIN = new Pieces();

    @Test
    void thoughtsAndAnswerByTokensAndSpelt() {
        String text = "<think>\nOne, 弹.\n\nTwo.\n</think>\n\nSo 4.\n";
        String expected = "R(One, 弹.\n\nTwo.) A(So 4.\n)";
        assertEquals(expected, spelt(text, false, false));
        assertEquals(
                expected, byToken(text.replace("<think>", "[THINK]").replace("</think>", "[/THINK]"), false, false));
    }

    @Test
    void thePromptMayHaveOpenedTheThoughts() {
        assertEquals("R(One.) A(Two.)", spelt("\nOne.\n</think>\nTwo.", true, false));
        assertEquals("R(One.) A(Two.)", byToken("One.[/THINK]Two.", true, false));
        assertEquals("R(One.) A(Two.)", spelt("<think>One.</think>Two.", true, false), "opened twice");
    }

    @Test
    void marksThatMeanNothingAreLeftOut() {
        assertEquals("R(a) A(b c d)", spelt("<think>a</think>b<think> c</think> d", false, false));
        assertEquals("R(a) A(b c d)", byToken("[THINK]a[/THINK]b[THINK] c[/THINK] d", false, false));
        assertEquals("A(ab)", spelt("a<think>b", false, false));
        assertEquals("A( b)", spelt("</think> b", false, false));
    }

    @Test
    void aMarkThatIsATokenIsTextWhenSpelt() {
        int[] tokens = PLAIN.encode("[THINK]a[/THINK]");
        assertEquals("A([THINK]a[/THINK])", read(byToken(), MARKED, tokens, false, false));
    }

    @Test
    void unfinishedThoughtsAreThoughtsAndWhatIsAlmostAMarkIsText() {
        assertEquals("R(a </thin)", spelt("<think>a </thin", false, false));
        assertEquals("A(<thinks> a <)", spelt("<thinks> a <", false, false));
        assertEquals("A( \n)", spelt(" \n", false, false));
        assertEquals("", spelt("<think>\n", false, false));
        assertEquals(
                "R(\u00e9 \uFFFD) A(x)",
                read(byToken(), MARKED, new int[] {256, 0xc3, 0xa9, ' ', 0xe5, 257, 'x'}, false, false));
    }

    @Test
    void mistralsCallsOfAllVersions() {
        String one = "C(f {\"a\": \"}{[\"})";
        assertEquals(one, byToken("[TOOL_CALLS]f[ARGS]{\"a\": \"}{[\"}", false, true));
        assertEquals(
                "A(Now.) " + one + " C(g {})",
                byToken("Now.[TOOL_CALLS]f[ARGS]{\"a\": \"}{[\"}\n[TOOL_CALLS] g[ARGS] {}", false, true));
        assertEquals("C(f {} #abcDEF123)", byToken("[TOOL_CALLS]f[CALL_ID]abcDEF123[ARGS]{}", false, true));
        assertEquals(
                "C(f {\"x\":1.50} #abcDEF123) C(g {})",
                byToken(
                        "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"x\": 1.50}, \"id\": \"abcDEF123\"}, "
                                + "{\"name\":\"g\",\"arguments\":{}}]",
                        false,
                        true));
        assertEquals(one, spelt("[TOOL_CALLS]f[ARGS]{\"a\": \"}{[\"}", false, true));
        assertEquals("C(f {})", byToken("[TOOL_CALLS]f{}", false, true));
        assertEquals("R(Hm) C(f {})", byToken("[THINK]Hm[TOOL_CALLS]f[ARGS]{}", false, true));
    }

    @Test
    void hermesCalls() {
        String text = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"q\": \"</tool_call>\"}}\n</tool_call>";
        assertEquals("C(f {\"q\":\"</tool_call>\"})", spelt(text, false, true));
        String two =
                "Look:\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n<tool_call>\n{\"name\":\"g\",\"arguments\":\"{\\\"b\\\": 2}\"}";
        assertEquals("A(Look:\n) C(f {}) C(g {\"b\": 2})", spelt(two, false, true));
        assertEquals("A(Look:\n) C(f {}) C(g {\"b\": 2})", byToken(two, false, true));
        assertEquals("R(<tool_call>{}) A(b)", spelt("<think><tool_call>{}</think>b", false, true));
        assertEquals("R(<tool_call>{}) A(b)", byToken("[THINK]<tool_call>{}[/THINK]b", false, true));
    }

    @Test
    void withoutToolsTheirMarksAreText() {
        assertEquals("A(<tool_call>{}</tool_call>)", spelt("<tool_call>{}</tool_call>", false, false));
        assertEquals("A(<tool_call>{}</tool_call>)", byToken("<tool_call>{}</tool_call>", false, false));
    }

    @Test
    void whatIsNoCallComesBackAsItWasWritten() {
        for (String text : List.of(
                "[TOOL_CALLS]f[ARGS]{\"a\": ",
                "[TOOL_CALLS]f[ARGS]{\"a\": nothing}",
                "[TOOL_CALLS]I shall call f.",
                "[TOOL_CALLS]",
                "[TOOL_CALLS]f[CALL_ID]",
                "[TOOL_CALLS]f[ARGS][1]",
                "[TOOL_CALLS][{\"name\": \"f\"}]",
                "[TOOL_CALLS][]",
                "<tool_call>{\"name\": \"f\", \"arguments\": {}",
                "<tool_call>{\"name\": \"f\", \"arguments\": {}}}</tool_call>",
                "<tool_call>{\"name\": \"\", \"arguments\": {}}</tool_call>",
                "<tool_call>{\"name\": \"f\", \"arguments\": 3}</tool_call>",
                "<tool_call>f()</tool_call>",
                "<tool_call>{</tool_call>",
                "<tool_call></tool_call> x",
                "[ARGS]x</tool_call>")) {
            assertEquals("A(" + text + ")", spelt(text, false, true), "spelt");
            assertEquals("A(" + text + ")", byToken(text, false, true), "by token");
        }
        assertEquals("A([TOOL_CALLS]f) C(g {})", byToken("[TOOL_CALLS]f[TOOL_CALLS]g[ARGS]{}", false, true));
    }

    @Test
    void madeIdsHaveNineLettersOrDigitsAndDiffer() {
        ResponseReader reader = byToken().reader(MARKED, false, true);
        List<ResponsePart> parts = new ArrayList<>();
        for (int token : tokens("[TOOL_CALLS]f[ARGS]{}[TOOL_CALLS]f[ARGS]{}")) parts.addAll(reader.accept(token));
        List<String> ids =
                parts.stream().map(p -> ((ResponsePart.Call) p).call().id()).toList();
        assertEquals(2, ids.size());
        for (String id : ids) assertTrue(id.matches("[0-9A-Za-z]{9}"), id);
        assertFalse(ids.get(0).equals(ids.get(1)));
    }

    @Test
    void aCharacterComesOutAtOnceAndAMarkNeverInPart() {
        ResponseReader reader = ResponseFormat.spelt(ThinkTags.ANGLE).reader(PLAIN, false, false);
        List<Integer> lengths = new ArrayList<>();
        for (int token : PLAIN.encode("<think>ab<c</think>d"))
            lengths.add(reader.accept(token).stream()
                    .mapToInt(p -> text(p).length())
                    .sum());
        assertEquals("0 0 0 0 0 0 0 1 1 0 2 0 0 0 0 0 0 0 0 1".replace(" ", ""), join(lengths));
    }

    @Test
    void howTheTextIsCutIntoTokensChangesNothing() {
        Random random = new Random(7);
        List<String> bits = List.of(
                "<think>",
                "</think>",
                "<tool_call>",
                "</tool_call>",
                "[TOOL_CALLS]",
                "[ARGS]",
                "[CALL_ID]",
                "{\"name\":\"f\",\"arguments\":{\"é\":\"\\\"😀\"}}",
                "{}",
                "f",
                "\n",
                " ",
                "弹",
                "<",
                "[",
                "\"",
                "}",
                "x</",
                "[{",
                "]");
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) text.append(bits.get(random.nextInt(bits.size())));
            boolean opened = random.nextBoolean();
            boolean tools = random.nextInt(3) > 0;
            String all = spelt(text.toString(), opened, tools);
            assertEquals(all, spelt(text.toString(), random, opened, tools), text.toString());
        }
    }

    /** Cuts the text at random into tokens of their own. */
    private static String spelt(String text, Random random, boolean opened, boolean tools) {
        List<String> cut = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(14));
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) end++;
            cut.add(text.substring(at, end));
            at = end;
        }
        Pieces pieces = new Pieces(cut.toArray(String[]::new));
        int[] tokens = IntStream.range(0, cut.size()).map(i -> 256 + i).toArray();
        return read(ResponseFormat.spelt(ThinkTags.ANGLE), pieces, tokens, opened, tools);
    }

    private static String spelt(String text, boolean opened, boolean tools) {
        return read(ResponseFormat.spelt(ThinkTags.ANGLE), PLAIN, PLAIN.encode(text), opened, tools);
    }

    private static ResponseFormat byToken() {
        return ResponseFormat.of(ThinkTags.SQUARE, MARKED::id);
    }

    private static String byToken(String text, boolean opened, boolean tools) {
        return read(byToken(), MARKED, tokens(text), opened, tools);
    }

    private static int[] tokens(String text) {
        IntStream.Builder ids = IntStream.builder();
        for (int at = 0; at < text.length(); ) {
            int mark = -1;
            for (int id = 256; id < MARKED.endOfText(); id++)
                if (text.startsWith(MARKED.decode(new int[] {id}), at)) mark = id;
            int end = mark < 0
                    ? text.offsetByCodePoints(at, 1)
                    : at + MARKED.decode(new int[] {mark}).length();
            if (mark >= 0) ids.add(mark);
            else for (int b : MARKED.encode(text.substring(at, end))) ids.add(b);
            at = end;
        }
        return ids.build().toArray();
    }

    private static String read(ResponseFormat format, Pieces tokenizer, int[] tokens, boolean opened, boolean tools) {
        ResponseReader reader = format.reader(tokenizer, opened, tools);
        List<ResponsePart> parts = new ArrayList<>();
        for (int token : tokens) parts.addAll(reader.accept(token));
        parts.addAll(reader.accept(tokenizer.endOfText()));
        parts.addAll(reader.finish());
        return show(parts);
    }

    private static String text(ResponsePart part) {
        return part instanceof ResponsePart.Reasoning r ? r.text() : ((ResponsePart.Answer) part).text();
    }

    /** R(..) thoughts, A(..) answer, C(name arguments #id), the id only where the model gave it. */
    private static String show(List<ResponsePart> parts) {
        StringBuilder shown = new StringBuilder();
        String last = "";
        for (ResponsePart part : parts) {
            if (part instanceof ResponsePart.Call c) {
                ToolCall call = c.call();
                shown.append(last.isEmpty() ? "" : ") ")
                        .append("C(")
                        .append(call.name())
                        .append(' ')
                        .append(call.arguments());
                if (call.id().equals("abcDEF123")) shown.append(" #").append(call.id());
                last = "C";
                continue;
            }
            String kind = part instanceof ResponsePart.Reasoning ? "R" : "A";
            if (!kind.equals(last))
                shown.append(last.isEmpty() ? "" : ") ").append(kind).append('(');
            shown.append(text(part));
            last = kind;
        }
        return last.isEmpty() ? "" : shown.append(')').toString();
    }

    private static String join(List<Integer> numbers) {
        return String.join("", numbers.stream().map(String::valueOf).toList());
    }
}
