package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.MarkedText;
import io.tramontane.data.SftExample;
import io.tramontane.data.SftExample.Part;
import io.tramontane.data.SftSource;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Conversation;
import io.tramontane.model.chat.MistralChat;
import io.tramontane.model.chat.ModelChat;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.model.chat.Tool;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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

    /** How a conversation becomes text. */
    interface Renderer {
        /** All messages, and with {@code answerNext} the beginning of the assistant's next turn. */
        MarkedText render(Conversation conversation, boolean answerNext);

        /** Marks of thoughts in an assistant's turn: tokens where the model has them. */
        ThinkTags tags();
    }

    private Conversations(List<SftExample> examples, long seed) {
        this.examples = examples;
        this.seed = seed;
    }

    /** The chat of a model: Mistral's own where its files say which, else its template. */
    static Renderer renderer(String chat, TokenizerFiles files, LocalDate today) {
        ThinkTags tags = Thoughts.of(chat, files, today, ThinkTags.CHAT).tags();
        Optional<MistralChat> mistral = MistralChat.of(files);
        ModelChat template = mistral.isPresent() ? null : ModelChat.of(files, "", today);
        return new Renderer() {
            @Override
            public MarkedText render(Conversation conversation, boolean answerNext) {
                return mistral.isPresent()
                        ? mistral.get().render(conversation, answerNext)
                        : template.renderInline(conversation, tags, answerNext);
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
                SftExample example = example(line.object(), line.where(), renderer);
                if (fits.test(example)) kept.add(example);
            }
        }
        if (kept.isEmpty()) throw new BadInputException(file + ": no conversation fits");
        return new Conversations(List.copyOf(kept), seed);
    }

    private static SftExample example(JsonNode line, String where, Renderer renderer) {
        JsonNode messages = line.path("messages");
        if (!messages.isArray() || messages.isEmpty())
            throw new BadInputException(where + ": messages is missing or empty, must be an array of {role, content}");
        List<Tool> tools = ConversationJson.tools(line.path("tools"), where);
        ConversationJson reader = new ConversationJson(renderer.tags());
        List<ChatMessage> before = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        MarkedText question = null;
        MarkedText written = MarkedText.EMPTY;
        for (int i = 0; i < messages.size(); i++) {
            String place = where + ": messages[" + i + "]";
            ChatMessage turn = reader.message(messages.get(i), place);
            boolean learned = weight(messages.get(i), place) != 0;
            if (turn.role() != Role.ASSISTANT) {
                before.add(turn);
                continue;
            }
            if (before.isEmpty()) throw new BadInputException(where + ": messages[0] is the assistant's: no prompt");
            MarkedText opened = rendered(renderer, before, tools, true, place);
            MarkedText lead = behind(written, opened, where, i);
            if (question == null) question = opened;
            else parts.add(new Part(lead, false));
            before.add(turn);
            written = rendered(renderer, before, tools, false, place);
            MarkedText said = behind(opened, written, where, i);
            int end = said.string().stripTrailing().length();
            parts.add(new Part(said.sub(0, end), learned));
            written = written.sub(0, written.length() - (said.length() - end));
        }
        if (parts.stream().noneMatch(Part::learned))
            throw new BadInputException(
                    where + ": no turn of the assistant with a weight above 0: nothing to learn from");
        int last = messages.size() - 1;
        if (before.get(last).role() != Role.ASSISTANT)
            throw new BadInputException(
                    where + ": messages[" + last + "] has no answer, allowed as the last one the" + " assistant's");
        return new SftExample(
                question, parts.stream().filter(part -> !part.text().isEmpty()).toList());
    }

    private static int weight(JsonNode message, String place) {
        JsonNode weight = message.path("weight");
        if (!weight.isMissingNode() && !(weight.isInt() && (weight.asInt() == 0 || weight.asInt() == 1)))
            throw new BadInputException(place + ": weight " + weight + ", allowed 0 or 1");
        return weight.asInt(1);
    }

    /** What the chat refuses is told with the place of the message. */
    private static MarkedText rendered(
            Renderer renderer, List<ChatMessage> messages, List<Tool> tools, boolean answerNext, String place) {
        try {
            return renderer.render(new Conversation(messages, tools), answerNext);
        } catch (BadInputException e) {
            throw new BadInputException(place + ": " + e.getMessage());
        }
    }

    /** Message i written out: all that was written before it must stay as it was. */
    private static MarkedText behind(MarkedText before, MarkedText all, String where, int i) {
        if (!all.string().startsWith(before.string()))
            throw new BadInputException(where + ": messages[" + i
                    + "] changes how the template writes earlier turns; learn from conversations of one answer");
        return all.sub(before.length());
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
