package io.tramontane.rollout.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ResponseFormat;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.TokenMask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonMasksTest {
    private static final int END = 256;
    private static final int THINK = 257;
    private static final int END_THINK = 258;
    private static final String[] PIECES = {
        "{\"",
        "\":",
        "\": \"",
        "\", \"",
        "\"}",
        "}}",
        "}]",
        "]}",
        "]]}",
        "}, {",
        "},",
        "],[",
        "true",
        "false",
        "rue,",
        "null",
        "ull}",
        "12",
        "3.5",
        "e+",
        "1e",
        "-1",
        "0.",
        ".5",
        "  ",
        "\n\n",
        " {",
        "abc",
        "ab\"",
        "\\u",
        "\\n",
        "\\\"",
        "00",
        "d83d",
        "é",
        "弹",
        "\u00e9\"",
        "x\": [",
        "[[[[",
        "{}",
        "[]",
        "\"\"",
        "\"",
        "{",
        ",\n  \"",
        ": ",
        " : [",
        "t",
        "key\":1,\"",
        "😀😀",
        "a}",
        "\"\\",
        "// "
    };
    private static final byte[][] TOKENS = tokens();
    private static final JsonMasks MASKS = masks(OptionalInt.empty());

    private static byte[][] tokens() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) tokens.add(new byte[] {(byte) b});
        for (int i = END; i <= END_THINK; i++) tokens.add(null);
        for (String piece : PIECES) tokens.add(piece.getBytes(StandardCharsets.UTF_8));
        tokens.add(new byte[] {'"', ':', '"', (byte) 0xe5});
        tokens.add(new byte[] {(byte) 0xbc, (byte) 0xb9, '"', '}'});
        tokens.add(new byte[] {(byte) 0xf0, (byte) 0x9f});
        tokens.add(new byte[0]);
        return tokens.toArray(byte[][]::new);
    }

    private static JsonMasks masks(OptionalInt think) {
        BitSet ends = new BitSet();
        ends.set(END);
        OptionalInt close = think.isPresent() ? OptionalInt.of(END_THINK) : OptionalInt.empty();
        return new JsonMasks(TOKENS, ends, think, close);
    }

    @Test
    void whatARandomPolicyWritesIsAnObjectAndEachMaskIsThatOfTheSlowWay() {
        Random random = new Random(11);
        for (int round = 0; round < 3_000; round++) {
            TokenMask mask = MASKS.masks(false).orElseThrow().get();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int step = 0; ; step++) {
                BitSet allowed = mask.allowed();
                if (round < 150) assertEquals(slow(text.toByteArray()), allowed, text.toString(StandardCharsets.UTF_8));
                int token = step < 40 ? any(random, allowed) : closing(random, allowed);
                assertTrue(step < 3_000, () -> "never ends: " + text);
                mask.accept(token);
                if (token == END) break;
                text.writeBytes(TOKENS[token]);
            }
            assertTrue(JsonTexts.isObject(text.toByteArray()), () -> text.toString(StandardCharsets.UTF_8));
        }
    }

    /** Each token tried, from the first byte of the text. */
    private static BitSet slow(byte[] text) {
        BitSet fitting = new BitSet();
        for (int id = 0; id < TOKENS.length; id++) {
            if (TOKENS[id] == null || TOKENS[id].length == 0) continue;
            JsonPrefix prefix = new JsonPrefix();
            boolean fits = true;
            for (byte b : text) fits &= prefix.accept(b & 0xff);
            if (prefix.done()) break;
            for (byte b : TOKENS[id]) fits = fits && prefix.accept(b & 0xff);
            if (fits) fitting.set(id);
        }
        if (fitting.isEmpty()) fitting.set(END);
        return fitting;
    }

    private static int any(Random random, BitSet allowed) {
        int n = random.nextInt(allowed.cardinality());
        return allowed.stream().skip(n).findFirst().orElseThrow();
    }

    private static int closing(Random random, BitSet allowed) {
        if (allowed.get(END)) return END;
        for (char c : new char[] {'}', ']', '"', ':', '0'}) if (allowed.get(c) && random.nextInt(8) > 0) return c;
        return any(random, allowed);
    }

    @Test
    void everyObjectCanBeWrittenHoweverItIsCut() {
        Random random = new Random(5);
        for (int round = 0; round < 3_000; round++) {
            byte[] text = JsonTexts.object(random, 5).getBytes(StandardCharsets.UTF_8);
            TokenMask mask = MASKS.masks(false).orElseThrow().get();
            for (int at = 0; at < text.length; ) {
                int token = tokenAt(random, text, at);
                assertTrue(mask.allowed().get(token), new String(text, 0, at, StandardCharsets.UTF_8));
                assertFalse(mask.allowed().get(END));
                mask.accept(token);
                at += TOKENS[token].length;
            }
            assertEquals(BitSet.valueOf(MASKS.ends().toLongArray()), mask.allowed());
        }
    }

    private static int tokenAt(Random random, byte[] text, int at) {
        List<Integer> fitting = new ArrayList<>();
        for (int id = 0; id < TOKENS.length; id++) {
            byte[] token = TOKENS[id];
            if (token == null || token.length == 0 || at + token.length > text.length) continue;
            if (Arrays.equals(token, 0, token.length, text, at, at + token.length)) fitting.add(id);
        }
        return fitting.get(random.nextInt(fitting.size()));
    }

    @Test
    void theObjectComesBehindTheThoughts() {
        JsonMasks masks = masks(OptionalInt.of(THINK));
        TokenMask mask = masks.masks(false).orElseThrow().get();
        assertTrue(mask.allowed().get(THINK) && mask.allowed().get('{'));
        assertFalse(mask.allowed().get('a'));
        mask.accept(THINK);
        assertTrue(mask.allowed().get('a') && mask.allowed().get(END_THINK));
        assertFalse(mask.allowed().get(END), "thoughts alone are no object");
        mask.accept('a');
        mask.accept(END_THINK);
        assertFalse(mask.allowed().get('a') || mask.allowed().get(THINK));
        assertTrue(mask.allowed().get('{'));
        TokenMask opened = masks.masks(true).orElseThrow().get();
        assertTrue(opened.allowed().get('a'));
        opened.accept(END_THINK);
        assertFalse(opened.allowed().get('a'));
        assertTrue(MASKS.masks(true).isEmpty(), "no token ends these thoughts");
    }

    @Test
    void aModelThatOnlyWritesBlanksMustGoOnAfterAWhile() {
        TokenMask mask = MASKS.masks(false).orElseThrow().get();
        for (int i = 0; i < JsonMask.MOST_BLANKS; i++) {
            assertTrue(mask.allowed().get('\n'));
            mask.accept('\n');
        }
        assertFalse(mask.allowed().get('\n'));
        assertFalse(mask.allowed().get(END_THINK + 1 + List.of(PIECES).indexOf(" {")));
        mask.accept('{');
        assertTrue(mask.allowed().get('\n'));
    }

    @Test
    void aForcedTokenThatDoesNotFitLeavesTheEnd() {
        TokenMask mask = MASKS.masks(false).orElseThrow().get();
        mask.accept('x');
        assertEquals(MASKS.ends(), mask.allowed());
    }

    @Test
    void theTinyTokenizerCanWriteJson() throws IOException {
        TokenizerFiles files = tinyFiles();
        try (HuggingFaceTokenizer tiny = new HuggingFaceTokenizer(files)) {
            JsonMasks masks = JsonMasks.of(files, tiny, ResponseFormat.of(files, ThinkTags.ANGLE))
                    .orElseThrow();
            TokenMask mask = masks.masks(false).orElseThrow().get();
            for (int token : tiny.encode("{\"é\": [1, \"弹\"]}")) {
                assertTrue(mask.allowed().get(token), () -> tiny.decode(new int[] {token}));
                mask.accept(token);
            }
            assertTrue(mask.allowed().get(tiny.endOfText()));
            assertEquals(1, mask.allowed().cardinality());
        }
    }

    @Test
    void anUnknownDecoderHasNoMask() throws IOException {
        TokenizerFiles files = tinyFiles();
        String json = new String(files.files().get("tokenizer.json"), StandardCharsets.UTF_8);
        String other = json.replaceFirst("\"ByteFallback\"", "\"Lowercase\"");
        assertNotEquals(json, other);
        try (HuggingFaceTokenizer tiny = new HuggingFaceTokenizer(files)) {
            TokenizerFiles unknown =
                    new TokenizerFiles("x", Map.of("tokenizer.json", other.getBytes(StandardCharsets.UTF_8)));
            assertTrue(JsonMasks.of(unknown, tiny, ResponseFormat.spelt(ThinkTags.ANGLE))
                    .isEmpty());
        }
    }

    private static TokenizerFiles tinyFiles() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            files.put(name, HuggingFaceTokenizer.tinyFile(name));
        return new TokenizerFiles("tiny tokenizer", files);
    }
}
