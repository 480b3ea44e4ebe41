package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes that each token of a vocabulary adds to a text, read from tokenizer.json. Known are the decoders of byte-level
 * tokenizers and of SentencePiece's; a blank that the latter take off the start of a text is in the bytes.
 */
final class TokenBytes {
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final char BLANK = '\u2581';

    private enum Form {
        BYTE_LEVEL,
        PIECES,
        PIECES_AND_BYTES
    }

    private TokenBytes() {}

    /** By id, null for added tokens and unused ids; empty if the decoder is another one. */
    static Optional<byte[][]> of(JsonNode tokenizer, int size) {
        Form form = form(tokenizer.path("decoder"));
        if (form == null) return Optional.empty();
        byte[][] bytes = new byte[size][];
        JsonNode words = tokenizer.path("model").path("vocab");
        if (words.isArray()) {
            for (int id = 0; id < words.size(); id++)
                bytes[id] = bytes(words.path(id).path(0).asText(), form);
        } else {
            words.properties().forEach(word -> bytes[word.getValue().asInt()] = bytes(word.getKey(), form));
        }
        for (JsonNode token : tokenizer.path("added_tokens"))
            bytes[token.path("id").asInt()] = null;
        int unknown = tokenizer.path("model").path("unk_id").asInt(-1);
        if (unknown >= 0 && unknown < size) bytes[unknown] = null;
        return Optional.of(bytes);
    }

    private static Form form(JsonNode decoder) {
        Set<String> steps = new HashSet<>();
        if (decoder.path("type").asText().equals("Sequence"))
            for (JsonNode step : decoder.path("decoders")) steps.add(step(step));
        else steps.add(step(decoder));
        steps.remove("Fuse");
        steps.remove("Strip");
        if (steps.equals(Set.of("ByteLevel"))) return Form.BYTE_LEVEL;
        boolean fallback = steps.remove("ByteFallback");
        if (fallback && steps.isEmpty()) return Form.PIECES_AND_BYTES;
        if (!steps.equals(Set.of("Blank"))) return null;
        return fallback ? Form.PIECES_AND_BYTES : Form.PIECES;
    }

    private static String step(JsonNode step) {
        String type = step.path("type").asText();
        boolean blank = type.equals("Replace")
                && step.path("pattern").path("String").asText().equals(String.valueOf(BLANK))
                && step.path("content").asText().equals(" ");
        boolean meta =
                type.equals("Metaspace") && step.path("replacement").asText().equals(String.valueOf(BLANK));
        boolean start = step.path("start").asInt() <= 1 && step.path("stop").asInt() == 0;
        return blank || meta ? "Blank" : type.equals("Strip") && !start ? "other" : type;
    }

    private static byte[] bytes(String token, Form form) {
        if (form == Form.BYTE_LEVEL) return ofLetters(token);
        Matcher one = BYTE.matcher(token);
        if (form == Form.PIECES_AND_BYTES && one.matches())
            return new byte[] {(byte) Integer.parseInt(one.group(1), 16)};
        return token.replace(BLANK, ' ').getBytes(StandardCharsets.UTF_8);
    }

    /** A token with another character in it is its own text, as Hugging Face's decoder has it. */
    private static byte[] ofLetters(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = ByteLetters.value(token.charAt(i));
            if (value < 0) return token.getBytes(StandardCharsets.UTF_8);
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
