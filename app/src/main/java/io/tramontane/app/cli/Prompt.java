package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.JsonLines;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.source.DataSets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One text to continue.
 *
 * @param problem the problem; for a raw prompt a problem that is not scored
 * @param text the whole prompt; parts that come from data are marked as foreign
 */
record Prompt(Problem problem, MarkedText text) {
    private static final String NO_ANSWER = "none";

    /** Prompts of problems, by a chat template. */
    static List<Prompt> of(List<Problem> problems, ChatTemplate chat) {
        return problems.stream().map(p -> new Prompt(p, chat.marked(p))).toList();
    }

    /**
     * Lines with a field "prompt" (and perhaps "id", else the line's number) as they are; anything else is problems.
     *
     * @param control control strings in a raw prompt are tokens
     */
    static List<Prompt> read(Path file, boolean control, Supplier<ChatTemplate> chat) {
        if (!isRaw(file)) return of(DataSets.read(file), chat.get());
        List<Prompt> prompts = new ArrayList<>();
        try (JsonLines lines = JsonLines.open(file)) {
            while (lines.hasNext()) {
                JsonLines.Line line = lines.next();
                JsonNode text = line.object().path("prompt");
                if (!text.isTextual() || text.textValue().isBlank())
                    throw new BadInputException(
                            line.where() + ": field \"prompt\" must be a string with something in it");
                String id = line.object().path("id").asText(String.valueOf(prompts.size() + 1));
                Problem problem = Problem.math(id, "und", text.textValue(), NO_ANSWER, Map.of());
                String raw = text.textValue();
                prompts.add(new Prompt(problem, control ? MarkedText.own(raw) : MarkedText.foreign(raw)));
            }
        }
        return prompts;
    }

    private static boolean isRaw(Path file) {
        if (!file.toString().matches(".*\\.jsonl(\\.gz)?")) return false;
        try (JsonLines lines = JsonLines.open(file)) {
            var first = lines.next().object();
            return first.has("prompt") && !first.has("entry_point");
        }
    }
}
