package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a SentencePiece-like tokenizer.json does with blanks: whether they become U+2581, and whether one is put first. */
final class SpaceRules {
    private static final String BLANK = "\u2581";

    private final List<JsonNode> steps = new ArrayList<>();
    private boolean replaced;
    private boolean first;
    private String unknown = "";

    SpaceRules(JsonNode tokenizer) {
        collect(tokenizer.path("normalizer"));
        collect(tokenizer.path("pre_tokenizer"));
        steps.forEach(this::read);
    }

    private void collect(JsonNode step) {
        if (step.isNull() || step.isMissingNode()) return;
        if (!step.path("type").asText("").equals("Sequence")) {
            steps.add(step);
            return;
        }
        step.path("normalizers").forEach(this::collect);
        step.path("pretokenizers").forEach(this::collect);
    }

    private void read(JsonNode step) {
        switch (step.path("type").asText("")) {
            case "Prepend" -> {
                first = true;
                if (!step.path("prepend").asText("").equals(BLANK)) unknown = step.toString();
            }
            case "Replace" -> {
                boolean blank = step.path("pattern").path("String").asText("").equals(" ");
                replaced |= blank;
                if (!blank || !step.path("content").asText("").equals(BLANK)) unknown = step.toString();
            }
            case "Metaspace" -> {
                replaced = true;
                String scheme = step.path("prepend_scheme").asText("always");
                first |= step.path("add_prefix_space").asBoolean(true) && !scheme.equals("never");
                // pieces never cross a blank then, unless the step does not split
                if (!step.path("replacement").asText(BLANK).equals(BLANK)
                        || step.path("split").asBoolean(true)) unknown = step.toString();
            }
            default -> unknown = step.toString();
        }
    }

    /** Refuses steps that llama.cpp does not take. */
    void check(TokenizerJson files) {
        if (!unknown.isEmpty())
            throw files.bad("llama.cpp has no step like " + unknown
                    + ", allowed blanks that become U+2581, and one before the text");
    }

    /** Blanks become U+2581. */
    boolean replaced() {
        return replaced;
    }

    /** A blank is put before a text. */
    boolean blankFirst() {
        return first;
    }
}
