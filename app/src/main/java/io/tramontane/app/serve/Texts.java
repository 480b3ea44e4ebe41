package io.tramontane.app.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tramontane.data.JsonReading;

/** JSON, and values of clients in messages. */
final class Texts {
    /** Reads what clients send: a key that is there twice, and text behind the value, are errors. */
    static final JsonMapper STRICT = JsonReading.strict();

    private static final JsonMapper JSON = JsonReading.mapper();
    private static final int LONGEST = 60;

    private Texts() {}

    /** UTF-8, one line. */
    static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON cannot be written", e);
        }
    }

    /** A client's value for a message: one line, at most 60 characters. */
    static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        if (line.length() <= LONGEST) return line;
        int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return line.substring(0, end) + "...";
    }

    /** The same of a JSON value; a long one is not written out first. */
    static String shortened(JsonNode node) {
        if (node.isTextual()) return "\"" + shortened(node.textValue()) + "\"";
        if (node.isObject()) return "{...}";
        if (node.isArray()) return "[...]";
        return shortened(node.asText());
    }
}
