package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a tokenizer.json that is safe for native code out of an untrusted one. The Rust library trusts its input: anything
 * unexpected is a panic, which ends the JVM, and a regular expression that takes too long cannot be stopped. So only known
 * fields and steps pass, with their values checked; fields that the program does not use are dropped.
 */
final class TokenizerGuard {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int LONGEST_TOKEN = 4_000;
    private static final int LONGEST_PATTERN = 4_000;
    private static final int LONGEST_INSERT = 16;
    private static final int MOST_GROWTH = 64;
    private static final int MOST_STEPS = 16;
    private static final Set<String> PLAIN = Set.of(
            "NFC",
            "NFD",
            "NFKC",
            "NFKD",
            "Lowercase",
            "StripAccents",
            "ByteLevel",
            "Digits",
            "Punctuation",
            "Whitespace",
            "WhitespaceSplit",
            "Metaspace",
            "ByteFallback",
            "Fuse");
    private static final List<String> SETTINGS = List.of(
            "add_prefix_space",
            "trim_offsets",
            "use_regex",
            "individual_digits",
            "split",
            "strip_left",
            "strip_right",
            "invert");
    private static final Set<String> BEHAVIORS =
            Set.of("Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous");
    private static final Set<String> SCHEMES = Set.of("always", "never", "first");

    private final String where;
    private double growth = 1;
    private int steps;

    TokenizerGuard(String where) {
        this.where = where;
    }

    ObjectNode checked(JsonNode tokenizer) {
        ObjectNode safe = JSON.createObjectNode();
        safe.put("version", "1.0");
        safe.set("added_tokens", added(tokenizer.path("added_tokens")));
        for (String part : List.of("normalizer", "pre_tokenizer", "decoder")) {
            growth = 1;
            steps = 0;
            safe.set(part, step(part, tokenizer.path(part)));
        }
        safe.putNull("post_processor");
        safe.set("model", model(tokenizer.path("model")));
        return safe;
    }

    private ArrayNode added(JsonNode tokens) {
        ArrayNode safe = JSON.createArrayNode();
        Set<String> seen = new HashSet<>();
        for (JsonNode token : tokens) {
            String content = text(token.path("content"), "an added token", LONGEST_TOKEN);
            if (content.isEmpty()) throw bad("an added token has no content");
            if (!seen.add(content)) throw bad("the added token \"" + content + "\" is there twice");
            ObjectNode made =
                    safe.addObject().put("id", token.path("id").asInt()).put("content", content);
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special"))
                made.put(flag, token.path(flag).asBoolean());
        }
        return safe;
    }

    /** A normalizer, pre-tokenizer or decoder, with what it contains; null for none. */
    private JsonNode step(String part, JsonNode step) {
        if (step.isNull() || step.isMissingNode()) return JSON.nullNode();
        if (++steps > MOST_STEPS) throw bad(part + " has more than " + MOST_STEPS + " steps");
        String type = step.path("type").asText("");
        ObjectNode safe = JSON.createObjectNode().put("type", type);
        if (type.equals("Sequence")) {
            String list =
                    part.equals("normalizer") ? "normalizers" : part.equals("decoder") ? "decoders" : "pretokenizers";
            ArrayNode inner = safe.putArray(list);
            for (JsonNode one : step.path(list)) inner.add(step(part, one));
            return safe;
        }
        for (String name : SETTINGS)
            if (step.path(name).isBoolean()) safe.put(name, step.path(name).booleanValue());
        switch (type) {
            case "Replace" -> replace(part, step, safe);
            case "Prepend" -> safe.put("prepend", text(step.path("prepend"), part, LONGEST_INSERT));
            case "Strip" -> strip(part, step, safe);
            case "Split" -> split(part, step, safe);
            default -> plain(part, step, type, safe);
        }
        return safe;
    }

    private void plain(String part, JsonNode step, String type, ObjectNode safe) {
        if (!PLAIN.contains(type))
            throw bad(
                    part + " type \"" + type + "\" is not supported, allowed Sequence, Replace, Prepend, Strip, Split, "
                            + String.join(", ", new java.util.TreeSet<>(PLAIN)));
        if (type.equals("Punctuation")) safe.put("behavior", oneOf(step.path("behavior"), BEHAVIORS, "Isolated"));
        if (!type.equals("Metaspace")) return;
        String replacement = text(step.path("replacement"), part, 4);
        if (replacement.codePointCount(0, replacement.length()) != 1)
            throw bad("Metaspace replacement must be one character");
        safe.put("replacement", replacement);
        if (step.has("prepend_scheme"))
            safe.put("prepend_scheme", oneOf(step.path("prepend_scheme"), SCHEMES, "always"));
    }

    private String oneOf(JsonNode value, Set<String> allowed, String otherwise) {
        String text = value.asText(otherwise);
        if (!allowed.contains(text)) throw bad("\"" + text + "\" is not one of " + allowed);
        return text;
    }

    private void replace(String part, JsonNode step, ObjectNode safe) {
        pattern(part, step.path("pattern"), safe);
        String content = text(step.path("content"), part, LONGEST_INSERT);
        growth *= Math.max(1, content.getBytes(StandardCharsets.UTF_8).length);
        if (growth > MOST_GROWTH)
            throw bad(part + " may make text " + (long) growth + " times as long, allowed " + MOST_GROWTH);
        safe.put("content", content);
    }

    /** A normalizer strips white space; a decoder strips a number of characters. */
    private void strip(String part, JsonNode step, ObjectNode safe) {
        if (!part.equals("decoder")) return;
        String content = text(step.path("content"), part, 4);
        if (content.codePointCount(0, content.length()) != 1) throw bad("Strip content must be one character");
        safe.put("content", content);
        for (String side : List.of("start", "stop")) {
            int count = step.path(side).asInt(-1);
            if (!step.path(side).isInt() || count < 0 || count > 1_000)
                throw bad("Strip " + side + " " + step.path(side));
            safe.put(side, count);
        }
    }

    private void split(String part, JsonNode step, ObjectNode safe) {
        pattern(part, step.path("pattern"), safe);
        safe.put("behavior", oneOf(step.path("behavior"), BEHAVIORS, ""));
        safe.put("invert", step.path("invert").asBoolean());
    }

    private void pattern(String part, JsonNode pattern, ObjectNode safe) {
        String kind = pattern.has("Regex") ? "Regex" : "String";
        String text = text(pattern.path(kind), part + " pattern", LONGEST_PATTERN);
        if (text.isEmpty()) throw bad(part + ": an empty pattern");
        if (kind.equals("Regex") && RegexRisk.mayExplode(text))
            throw bad(part + ": the pattern " + text + " may take for ever");
        safe.putObject("pattern").put(kind, text);
    }

    private ObjectNode model(JsonNode model) {
        ObjectNode safe = JSON.createObjectNode();
        String type = model.path("type").asText(model.has("merges") ? "BPE" : "");
        safe.put("type", type);
        switch (type) {
            case "BPE" -> bytePairs(model, safe);
            case "Unigram" -> unigram(model, safe);
            default -> throw bad("model type \"" + type + "\" is not supported, allowed BPE, Unigram");
        }
        safe.put("byte_fallback", model.path("byte_fallback").asBoolean());
        return safe;
    }

    private void bytePairs(JsonNode model, ObjectNode safe) {
        for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix"))
            if (!model.path(name).asText("").isEmpty() && !model.path(name).isNull())
                throw bad("model " + name + " \"" + model.path(name).asText() + "\" is not supported");
        if (model.path("dropout").asDouble(0) != 0) throw bad("model dropout " + model.path("dropout") + ", allowed 0");
        JsonNode vocabulary = model.path("vocab");
        String unknown = model.path("unk_token").asText("");
        if (!unknown.isEmpty() && !model.path("unk_token").isNull()) {
            if (!vocabulary.has(unknown)) throw bad("unk_token \"" + unknown + "\" is not in the vocab");
            safe.put("unk_token", unknown);
        }
        safe.put("fuse_unk", model.path("fuse_unk").asBoolean());
        safe.put("ignore_merges", model.path("ignore_merges").asBoolean());
        safe.set("vocab", vocabulary);
        ArrayNode merges = safe.putArray("merges");
        for (JsonNode merge : model.path("merges")) {
            String[] pair = merge.isArray() ? pair(merge) : merge.asText("").split(" ");
            if (pair.length != 2
                    || !vocabulary.has(pair[0])
                    || !vocabulary.has(pair[1])
                    || !vocabulary.has(pair[0] + pair[1]))
                throw bad("the merge " + merge + " is not of two tokens that make a third");
            merges.addArray().add(pair[0]).add(pair[1]);
        }
    }

    private static String[] pair(JsonNode merge) {
        String[] pair = new String[merge.size()];
        for (int i = 0; i < pair.length; i++) pair[i] = merge.get(i).asText("");
        return pair;
    }

    private void unigram(JsonNode model, ObjectNode safe) {
        ArrayNode vocabulary = safe.putArray("vocab");
        for (JsonNode piece : model.path("vocab")) {
            double score = piece.path(1).asDouble(Double.NaN);
            if (!piece.path(0).isTextual() || !piece.path(1).isNumber() || !Double.isFinite(score))
                throw bad("the piece " + piece + " is not a text and a number");
            vocabulary
                    .addArray()
                    .add(text(piece.path(0), "a piece", LONGEST_TOKEN))
                    .add(score);
        }
        if (!model.path("unk_id").isInt()
                || model.path("unk_id").asInt() < 0
                || model.path("unk_id").asInt() >= vocabulary.size())
            throw bad("unk_id " + model.path("unk_id") + ", allowed 0 to " + (vocabulary.size() - 1));
        safe.put("unk_id", model.path("unk_id").asInt());
    }

    private String text(JsonNode value, String what, int longest) {
        if (!value.isTextual()) throw bad(what + " is not a text");
        if (value.textValue().length() > longest)
            throw bad(what + " has " + value.textValue().length() + " characters, allowed " + longest);
        return value.textValue();
    }

    private BadInputException bad(String why) {
        String line = why.replaceAll("\\s+", " ");
        return new BadInputException(where + ": " + (line.length() > 300 ? line.substring(0, 300) + "..." : line));
    }
}
