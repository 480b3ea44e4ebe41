package io.tramontane.rollout.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonPrefixTest {
    @Test
    void whatJacksonReadsAsAnObjectIsOneAndNothingElse() {
        Random random = new Random(3);
        int whole = 0;
        for (int round = 0; round < 40_000; round++) {
            byte[] text = JsonTexts.object(random, 4).getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change > 0; change--) {
                byte[] from = "{}[]\":,\\-+.0123eEtfnul \n\u00e9弹😀a".getBytes(StandardCharsets.UTF_8);
                text[random.nextInt(text.length)] = from[random.nextInt(from.length)];
            }
            if (JsonPrefix.isBlank(text[text.length - 1])) continue; // we end with the bracket
            boolean object = isObject(text);
            assertEquals(JsonTexts.isObject(text), object, new String(text, StandardCharsets.UTF_8));
            if (object) whole++;
        }
        assertTrue(whole > 10_000 && whole < 30_000, "both kinds: " + whole);
    }

    @Test
    void stringsAreValidUtf8() {
        for (int first = 0x80; first < 0x100; first++)
            for (int second = 0x20; second < 0x100; second++) {
                byte[] two = {'{', '"', (byte) first, (byte) second, '"', ':', '1', '}'};
                byte[] three = {'{', '"', (byte) first, (byte) second, (byte) 0x80, '"', ':', '1', '}'};
                byte[] four = {'{', '"', (byte) first, (byte) second, (byte) 0x80, (byte) 0xbf, '"', ':', '1', '}'};
                for (byte[] text : new byte[][] {two, three, four})
                    assertEquals(JsonTexts.isObject(text), isObject(text), first + " " + second + " " + text.length);
            }
    }

    @Test
    void onlyAnObjectAndNothingBehindIt() {
        for (String text : new String[] {
            "[]",
            "1",
            "\"a\"",
            "{} ",
            "{}{}",
            "",
            " ",
            "{",
            "\ufeff{}",
            "{'a':1}",
            "{\"a\":NaN}",
            "{\"a\":01}",
            "{\"a\":1,}"
        }) assertFalse(isObject(text.getBytes(StandardCharsets.UTF_8)), text);
        assertTrue(isObject(" \n{\"a\" : [ 1 , {} ] }".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void sixtyFourLevelsAndNoMore() {
        assertTrue(isObject(nested(63)));
        assertFalse(isObject(nested(64)));
    }

    private static byte[] nested(int arrays) {
        return ("{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isObject(byte[] text) {
        JsonPrefix prefix = new JsonPrefix();
        for (byte b : text) if (!prefix.accept(b & 0xff)) return false;
        return prefix.done();
    }
}
