package io.tramontane.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How byte-level tokenizers cut text before they merge, by the names that GGUF files use for the model families.
 *
 * @param composed text is brought to Unicode's composed form first
 * @param digits every digit stands alone
 * @param pattern pieces, null for GPT-2's
 */
public record PreTokenizers(boolean composed, boolean digits, String pattern) {
    /** All names. */
    public static final List<String> NAMES =
            List.of("default", "gpt-2", "smollm", "llama-bpe", "llama3", "qwen2", "deepseek-r1-qwen", "tekken");

    /** Those that are written: the others are the same by another name, or, "default", something else to llama.cpp. */
    private static final List<String> KNOWN = List.of("gpt-2", "smollm", "llama-bpe", "qwen2", "tekken");

    private static final Set<String> IGNORE_MERGES = Set.of("llama-bpe", "llama3", "tekken");
    private static final String WORDS =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LEAD = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String TEKKEN = LEAD + UPPER + "*" + LOWER + "+|" + LEAD + UPPER + "+" + LOWER
            + "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    static Optional<PreTokenizers> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "default", "gpt-2" -> new PreTokenizers(false, false, null);
                    case "smollm" -> new PreTokenizers(false, true, null);
                    case "llama-bpe", "llama3" ->
                        new PreTokenizers(false, false, String.format(Locale.ROOT, WORDS, "\\p{N}{1,3}"));
                    case "qwen2", "deepseek-r1-qwen" ->
                        new PreTokenizers(true, false, String.format(Locale.ROOT, WORDS, "\\p{N}"));
                    case "tekken" -> new PreTokenizers(false, false, TEKKEN);
                    default -> null;
                });
    }

    /** True if a piece that is a token itself is taken whole. */
    public static boolean ignoresMerges(String name) {
        return IGNORE_MERGES.contains(name);
    }

    /**
     * The name of what a tokenizer.json states; empty where there is none. Whether text is composed first does not count:
     * llama.cpp never does.
     */
    public static Optional<String> nameOf(JsonNode normalizer, JsonNode preTokenizer) {
        List<JsonNode> before = steps(normalizer, "normalizers");
        if (before.stream().anyMatch(step -> !type(step).equals("NFC"))) return Optional.empty();
        boolean digits = false;
        String pattern = null;
        List<JsonNode> steps = steps(preTokenizer, "pretokenizers");
        for (JsonNode step : steps.subList(0, Math.max(0, steps.size() - 1))) {
            boolean split = type(step).equals("Split")
                    && step.path("behavior").asText("").equals("Isolated")
                    && !step.path("invert").asBoolean();
            if (type(step).equals("Digits") && step.path("individual_digits").asBoolean() && pattern == null)
                digits = true;
            else if (split && pattern == null)
                pattern = step.path("pattern").path("Regex").asText("");
            else return Optional.empty();
        }
        JsonNode last = steps.isEmpty() ? preTokenizer : steps.get(steps.size() - 1);
        if (!type(last).equals("ByteLevel")
                || last.path("add_prefix_space").asBoolean(true)
                || last.path("use_regex").asBoolean(true) != (pattern == null)) return Optional.empty();
        for (String name : KNOWN) {
            PreTokenizers known = named(name).orElseThrow();
            if (known.digits == digits && Objects.equals(known.pattern, pattern)) return Optional.of(name);
        }
        return Optional.empty();
    }

    private static List<JsonNode> steps(JsonNode step, String list) {
        if (step.isNull() || step.isMissingNode()) return List.of();
        List<JsonNode> steps = new ArrayList<>();
        if (type(step).equals("Sequence")) step.path(list).forEach(steps::add);
        else steps.add(step);
        return steps;
    }

    private static String type(JsonNode step) {
        return step.path("type").asText("");
    }

    /** Writes the normalizer and the pre-tokenizer of a tokenizer.json. */
    void write(ObjectNode json) {
        if (composed) json.putObject("normalizer").put("type", "NFC");
        ArrayNode steps =
                json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        if (digits) steps.addObject().put("type", "Digits").put("individual_digits", true);
        if (pattern != null) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", pattern);
            split.put("behavior", "Isolated").put("invert", false);
        }
        steps.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", pattern == null);
    }
}
