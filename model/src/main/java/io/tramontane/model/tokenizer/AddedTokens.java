package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import io.tramontane.data.MarkedText;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens that a tokenizer finds in text before it cuts anything else. They are found as Hugging Face's tokenizers
 * finds them: the leftmost first, of several there the longest; {@code single_word} ones between no letters, {@code
 * lstrip} and {@code rstrip} ones with the blanks beside them. A special token counts only if none of its characters came
 * with data.
 */
final class AddedTokens {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private record Added(String content, int id, boolean special, boolean word, boolean left, boolean right) {}

    /** A special token in a text, with the blanks that it takes. */
    record Found(int id, int from, int to) {}

    private static final List<String> NAMED =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Set<String> names;
    private final Map<Character, List<Added>> byFirst = new HashMap<>();
    private final BitSet special = new BitSet();

    AddedTokens(JsonNode tokenizer, JsonNode config) {
        names = names(tokenizer, config);
        for (JsonNode token : tokenizer.path("added_tokens")) {
            Added added = new Added(
                    token.path("content").asText(""),
                    token.path("id").asInt(),
                    names.contains(token.path("content").asText("")),
                    token.path("single_word").asBoolean(),
                    token.path("lstrip").asBoolean(),
                    token.path("rstrip").asBoolean());
            if (added.content.isEmpty()) continue;
            byFirst.computeIfAbsent(added.content.charAt(0), c -> new ArrayList<>())
                    .add(added);
            if (added.special) special.set(added.id);
        }
        byFirst.values().forEach(list -> list.sort((a, b) -> b.content.length() - a.content.length()));
        // Unknown characters become the unknown token, too; it controls nothing.
        String unknown = tokenizer.path("model").path("unk_token").asText("");
        for (JsonNode token : tokenizer.path("added_tokens"))
            if (token.path("content").asText("").equals(unknown))
                special.clear(token.path("id").asInt());
    }

    /**
     * Tokens that are special, as transformers 5 reads them: tokenizer.json says so, or tokenizer_config.json in its own
     * list of added tokens, or by giving one a name, of the usual ones or in {@code extra_special_tokens}.
     */
    private static Set<String> names(JsonNode tokenizer, JsonNode config) {
        Set<String> names = new HashSet<>();
        for (JsonNode token : tokenizer.path("added_tokens"))
            if (token.path("special").asBoolean())
                names.add(token.path("content").asText(""));
        for (JsonNode token : config.path("added_tokens_decoder"))
            if (token.path("special").asBoolean())
                names.add(token.path("content").asText(""));
        for (String key : NAMED) names.add(content(config.path(key)));
        JsonNode more = config.path("extra_special_tokens");
        if (more.isObject()) for (JsonNode token : more) names.add(content(token));
        names.remove("");
        return names;
    }

    private static String content(JsonNode token) {
        return token.isTextual() ? token.textValue() : token.path("content").asText("");
    }

    /** True for ids that foreign text must never become; without the unknown token. */
    boolean special(int id) {
        return special.get(id);
    }

    /** The special tokens that are ours, in order, and whether foreign text holds any. */
    record Search(List<Found> own, boolean foreign) {}

    Search search(MarkedText text) {
        List<Found> found = new ArrayList<>();
        boolean others = false;
        String string = text.string();
        int last = 0;
        for (int at = 0; at < string.length(); ) {
            Added match = at(string, at);
            if (match == null) {
                at++;
                continue;
            }
            int end = at + match.content.length();
            boolean foreign = match.special && text.foreign(at, end);
            others |= foreign;
            // A token that begins in foreign text must not hide one of ours that begins within it.
            if (foreign && !text.foreign(end - 1, end)) {
                at++;
                continue;
            }
            if (foreign || match.word && insideWord(string, at, end)) {
                at = end;
                continue;
            }
            int from = at;
            if (match.left) while (from > last && isSpace(string.codePointBefore(from))) from--;
            at = end;
            if (match.right) while (end < string.length() && isSpace(string.codePointAt(end))) end++;
            if (match.special) found.add(new Found(match.id, from, end));
            last = end;
            at = Math.max(at, end);
        }
        return new Search(found, others);
    }

    private Added at(String string, int at) {
        for (Added added : byFirst.getOrDefault(string.charAt(at), List.of()))
            if (string.startsWith(added.content, at)) return added;
        return null;
    }

    private static boolean insideWord(String string, int from, int to) {
        return from > 0 && isWord(string.codePointBefore(from))
                || to < string.length() && isWord(string.codePointAt(to));
    }

    private static boolean isWord(int c) {
        return Character.isLetterOrDigit(c) || c == '_' || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /**
     * A tokenizer without special tokens, but the same ids: each has a random name that no text can hold, in the list of
     * added tokens and in the model's vocabulary. Tokens that are added and not special stay, as with {@code
     * split_special_tokens} in transformers.
     *
     * @param continued for text that does not begin a prompt: no part is the first one
     */
    byte[] plain(byte[] safe, boolean continued) {
        try {
            ObjectNode tokenizer = (ObjectNode) JSON.readTree(safe);
            Map<String, String> renamed = new HashMap<>();
            for (JsonNode token : tokenizer.path("added_tokens")) {
                if (!names.contains(token.path("content").asText())) continue;
                byte[] name = new byte[24];
                new SecureRandom().nextBytes(name);
                renamed.put(token.path("content").asText(), HexFormat.of().formatHex(name));
                ((ObjectNode) token)
                        .put("content", renamed.get(token.path("content").asText()))
                        .put("normalized", false);
            }
            rename((ObjectNode) tokenizer.path("model"), renamed);
            if (continued) continueText(tokenizer.path("pre_tokenizer"));
            return JSON.writeValueAsBytes(tokenizer);
        } catch (IOException e) {
            throw new IllegalStateException("a checked tokenizer cannot be read again", e);
        }
    }

    private static void rename(ObjectNode model, Map<String, String> renamed) {
        if (model.path("vocab").isArray()) {
            for (JsonNode piece : model.path("vocab")) {
                String name = renamed.get(piece.path(0).asText());
                if (name != null) ((ArrayNode) piece).set(0, name);
            }
            return;
        }
        ObjectNode vocabulary = (ObjectNode) model.path("vocab");
        renamed.forEach((content, name) -> {
            JsonNode id = vocabulary.remove(content);
            if (id != null) vocabulary.set(name, id);
        });
        String unknown = model.path("unk_token").asText("");
        if (renamed.containsKey(unknown)) model.put("unk_token", renamed.get(unknown));
        ArrayNode merges = JSON.createArrayNode();
        for (JsonNode merge : model.path("merges")) {
            String left = merge.path(0).asText();
            String right = merge.path(1).asText();
            boolean touches =
                    renamed.containsKey(left) || renamed.containsKey(right) || renamed.containsKey(left + right);
            if (!touches) merges.add(merge);
        }
        model.set("merges", merges);
    }

    /** Metaspace puts its mark before the first piece of a text only, where its scheme is "first". */
    private static void continueText(JsonNode step) {
        for (JsonNode inner : step.path("pretokenizers")) continueText(inner);
        if (step.path("prepend_scheme").asText("").equals("first")) ((ObjectNode) step).put("prepend_scheme", "never");
    }
}
