package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.MarkedText;
import io.tramontane.data.SftExample;
import io.tramontane.data.SftExample.Part;
import io.tramontane.data.SftSource;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ModelChat;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Conversations of a JSONL file as the model's own template writes them. Learned are the turns of the assistant, or those of
 * them that do not say {@code "weight": 0} (the field of OpenAI's and Mistral's fine-tuning files). They come again and again,
 * in a new seeded order every time.
 */
final class Conversations implements SftSource {
    private final List<SftExample> examples;
    private final long seed;
    private List<SftExample> order;
    private long pass;

    /** How messages become text. */
    interface Renderer {
        /** All messages, and with {@code answerNext} the beginning of the assistant's next turn. */
        MarkedText render(List<Map<String, Object>> messages, boolean answerNext);

        /** Marks of thoughts in an assistant's turn: tokens where the model has them. */
        ThinkTags tags();
    }

    private Conversations(List<SftExample> examples, long seed) {
        this.examples = examples;
        this.seed = seed;
    }

    /** The template of a model. */
    static Renderer renderer(String chat, TokenizerFiles files, LocalDate today) {
        ModelChat template = ModelChat.of(files, "", today);
        ThinkTags tags = Thoughts.of(chat, files, today, ThinkTags.CHAT).tags();
        return new Renderer() {
            @Override
            public MarkedText render(List<Map<String, Object>> messages, boolean answerNext) {
                return template.render(messages, answerNext);
            }

            @Override
            public ThinkTags tags() {
                return tags;
            }
        };
    }

    /**
     * Reads a file.
     *
     * @param fits examples that it refuses are left out
     */
    static Conversations open(Path file, Renderer renderer, Predicate<SftExample> fits, long seed) {
        List<SftExample> kept = new ArrayList<>();
        try (JsonLines lines = JsonLines.open(file)) {
            while (lines.hasNext()) {
                JsonLines.Line line = lines.next();
                SftExample example = example(line.object().path("messages"), line.where(), renderer);
                if (fits.test(example)) kept.add(example);
            }
        }
        if (kept.isEmpty()) throw new BadInputException(file + ": no conversation fits");
        return new Conversations(List.copyOf(kept), seed);
    }

    private static SftExample example(JsonNode messages, String where, Renderer renderer) {
        if (!messages.isArray() || messages.isEmpty())
            throw new BadInputException(where + ": messages is missing or empty, must be an array of {role, content}");
        List<Map<String, Object>> before = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        MarkedText question = null;
        MarkedText written = MarkedText.EMPTY;
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            Map<String, Object> turn = turn(message, where + ": messages[" + i + "]", renderer.tags());
            if (message.path("role").asText().equals("assistant")) {
                if (before.isEmpty())
                    throw new BadInputException(where + ": messages[0] is the assistant's: no prompt");
                MarkedText opened = renderer.render(before, true);
                MarkedText lead = behind(written, opened, where, i);
                if (question == null) question = opened;
                else parts.add(new Part(lead, false));
                before.add(turn);
                written = renderer.render(before, false);
                MarkedText said = behind(opened, written, where, i);
                int end = said.string().stripTrailing().length();
                parts.add(new Part(said.sub(0, end), message.path("weight").asInt(1) != 0));
                written = written.sub(0, written.length() - (said.length() - end));
            } else {
                before.add(turn);
            }
        }
        if (parts.stream().noneMatch(Part::learned))
            throw new BadInputException(
                    where + ": no turn of the assistant with a weight above 0: nothing to learn from");
        return new SftExample(
                question, parts.stream().filter(part -> !part.text().isEmpty()).toList());
    }

    /** Message i written out: all that was written before it must stay as it was. */
    private static MarkedText behind(MarkedText before, MarkedText all, String where, int i) {
        if (!all.string().startsWith(before.string()))
            throw new BadInputException(where + ": messages[" + i
                    + "] changes how the template writes earlier turns; learn from conversations of one answer");
        return all.sub(before.length());
    }

    private static Map<String, Object> turn(JsonNode message, String where, ThinkTags tags) {
        String role = message.path("role").asText("");
        if (role.isEmpty() || !message.path("content").isTextual())
            throw new BadInputException(where + ": must be {\"role\": text, \"content\": text}");
        JsonNode weight = message.path("weight");
        if (!weight.isMissingNode() && !(weight.isInt() && (weight.asInt() == 0 || weight.asInt() == 1)))
            throw new BadInputException(where + ": weight " + weight + ", allowed 0 or 1");
        String content = message.path("content").asText();
        Map<String, Object> turn = new LinkedHashMap<>();
        turn.put("role", MarkedText.own(role));
        turn.put(
                "content",
                role.equals("assistant") ? MarkedText.answer(content, tags, false) : MarkedText.foreign(content));
        return turn;
    }

    @Override
    public SftExample get(long index, double progress) {
        long wanted = index / examples.size();
        if (order == null || pass != wanted) {
            List<SftExample> shuffled = new ArrayList<>(examples);
            Collections.shuffle(shuffled, new Random(seed * 1_000_003 + wanted));
            order = shuffled;
            pass = wanted;
        }
        return order.get((int) (index % examples.size()));
    }
}
