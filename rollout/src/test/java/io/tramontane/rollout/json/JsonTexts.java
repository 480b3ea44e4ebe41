package io.tramontane.rollout.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Random JSON, and Jackson's word on whether a text is an object; half surrogate pairs are not. */
final class JsonTexts {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String[] STRINGS = {
        "",
        "a",
        "key",
        "é",
        "弹药",
        "😀",
        "\\\"",
        "\\\\",
        "\\u00e9",
        "\\uD83D\\uDE00",
        "\\n",
        "/",
        "\\/",
        "}",
        "]",
        ",",
        ":",
        "{[",
        " ",
        "\u007f"
    };
    private static final String[] NUMBERS = {
        "0", "-0", "7", "10", "-12", "0.5", "-1.25", "1e5", "2E+10", "3.0e-7", "123456789012345678901234567890"
    };
    private static final String[] BLANKS = {"", "", "", " ", "\n  ", "\t", "\r\n"};

    private JsonTexts() {}

    static boolean isObject(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            JsonNode node = JSON.readTree(text);
            if (node == null || !node.isObject()) return false;
            String written = node.toString();
            return new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(written);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static String object(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        object(text, random, depth);
        return text.toString();
    }

    private static void object(StringBuilder text, Random random, int depth) {
        blank(text.append('{'), random);
        for (int i = random.nextInt(4); i > 0; i--) {
            string(text, random);
            blank(blank(text, random).append(':'), random);
            value(text, random, depth - 1);
            blank(text, random);
            if (i > 1) blank(text.append(','), random);
        }
        text.append('}');
    }

    private static void value(StringBuilder text, Random random, int depth) {
        switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0, 1 -> string(text, random);
            case 2, 3 -> text.append(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 4 -> text.append(new String[] {"true", "false", "null"}[random.nextInt(3)]);
            case 5 -> object(text, random, depth);
            default -> {
                blank(text.append('['), random);
                for (int i = random.nextInt(4); i > 0; i--) {
                    value(text, random, depth - 1);
                    blank(text, random);
                    if (i > 1) blank(text.append(','), random);
                }
                text.append(']');
            }
        }
    }

    private static void string(StringBuilder text, Random random) {
        text.append('"');
        for (int i = random.nextInt(4); i > 0; i--) text.append(STRINGS[random.nextInt(STRINGS.length)]);
        text.append('"');
    }

    private static StringBuilder blank(StringBuilder text, Random random) {
        return text.append(BLANKS[random.nextInt(BLANKS.length)]);
    }
}
