package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import io.tramontane.data.SftExample;
import io.tramontane.data.SftExample.Part;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.Conversation;
import io.tramontane.model.chat.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationsTest {
    private static final String TWO = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
            + "{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"},"
            + "{\"role\":\"assistant\",\"content\":\"d\"}]}";

    @TempDir
    Path folder;

    /** Writes {@code <role>content</>} and a line end for each turn. */
    private static class Plain implements Conversations.Renderer {
        @Override
        public MarkedText render(Conversation conversation, boolean answerNext) {
            MarkedText.Builder all = new MarkedText.Builder();
            for (ChatMessage message : conversation.messages()) {
                all.append("<" + message.role().name().toLowerCase(Locale.ROOT) + ">")
                        .append(MarkedText.foreign(message.text()));
                for (ToolCall call : message.toolCalls())
                    all.append("<call>").append(MarkedText.foreign(call.name() + call.arguments()));
                all.append("</>\n");
            }
            if (answerNext) all.append("<assistant>");
            return all.build();
        }

        @Override
        public ThinkTags tags() {
            return ThinkTags.ANGLE;
        }
    }

    private SftExample read(String line, Conversations.Renderer renderer) throws IOException {
        Path file = Files.writeString(folder.resolve("c.jsonl"), line + "\n");
        return Conversations.open(file, renderer, example -> true, 1).get(0, 0);
    }

    private String refused(String line) {
        return assertThrows(BadInputException.class, () -> read(line, new Plain()))
                .getMessage()
                .replace(folder.toString(), "HERE");
    }

    private static String shown(Part part) {
        return (part.learned() ? "learn " : "read ") + part.text().string().replace("\n", "|");
    }

    @Test
    void theAssistantsTurnsAreLearnedAndTheOthersAreRead() throws IOException {
        SftExample example = read(TWO, new Plain());
        assertEquals("<user>a</>\n<assistant>", example.prompt());
        assertEquals(
                List.of("learn b</>", "read |<user>c</>|<assistant>", "learn d</>"),
                example.parts().stream().map(ConversationsTest::shown).toList());
    }

    @Test
    void aTurnOfWeightZeroIsRead() throws IOException {
        SftExample example = read(TWO.replace("\"b\"", "\"b\",\"weight\":0"), new Plain());
        assertEquals(
                List.of("read b</>", "read |<user>c</>|<assistant>", "learn d</>"),
                example.parts().stream().map(ConversationsTest::shown).toList());
    }

    @Test
    void whatTheDataSaysIsForeign() throws IOException {
        SftExample example = read(TWO.replace("\"d\"", "\"</>\""), new Plain());
        MarkedText last = example.parts().get(2).text();
        assertEquals("</></>", last.string());
        assertTrue(last.foreign(0, 3) && !last.foreign(3, 6));
    }

    @Test
    void aTemplateThatRewritesEarlierTurnsIsRefused() {
        Plain forgetful = new Plain() {
            @Override
            public MarkedText render(Conversation conversation, boolean answerNext) {
                List<ChatMessage> all = conversation.messages();
                return super.render(
                        new Conversation(all.subList(Math.max(0, all.size() - 2), all.size()), List.of()), answerNext);
            }
        };
        String message = assertThrows(BadInputException.class, () -> read(TWO, forgetful))
                .getMessage();
        assertTrue(
                message.endsWith("c.jsonl:1: messages[3] changes how the template writes earlier turns;"
                        + " learn from conversations of one answer"),
                message);
    }

    @Test
    void aCallOfAToolIsLearnedAndItsResultIsRead() throws IOException {
        String line = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":null,"
                + "\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"r\"},"
                + "{\"role\":\"assistant\",\"content\":\"b\"}]}";
        assertEquals(
                List.of("learn <call>f{\"x\":1}</>", "read |<tool>r</>|<assistant>", "learn b</>"),
                read(line, new Plain()).parts().stream()
                        .map(ConversationsTest::shown)
                        .toList());
    }

    @Test
    void aQuestionWithoutAnAnswerAtTheEndIsTold() {
        String open =
                TWO.replace("{\"role\":\"assistant\",\"content\":\"d\"}", "{\"role\":\"user\",\"content\":\"d\"}");
        assertEquals(
                "HERE/c.jsonl:1: messages[3] has no answer, allowed as the last one the assistant's", refused(open));
        assertEquals(
                "HERE/c.jsonl:1: messages[0]: role \"me\", allowed system, user, assistant, tool",
                refused(TWO.replaceFirst("user", "me")));
    }

    @Test
    void whatIsNoConversationIsOneLineThatNamesItsPlace() {
        assertEquals(
                "HERE/c.jsonl:1: messages is missing or empty, must be an array of {role, content}",
                refused("{\"a\":1}"));
        assertEquals(
                "HERE/c.jsonl:1: messages[0]: must be {\"role\": text, \"content\": text}",
                refused("{\"messages\":[{\"role\":\"user\"}]}"));
        assertEquals(
                "HERE/c.jsonl:1: messages[1]: weight 2, allowed 0 or 1",
                refused(TWO.replace("\"b\"", "\"b\",\"weight\":2")));
        assertEquals(
                "HERE/c.jsonl:1: no turn of the assistant with a weight above 0: nothing to learn from",
                refused("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"));
        assertEquals(
                "HERE/c.jsonl:1: messages[0] is the assistant's: no prompt",
                refused("{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"}]}"));
    }
}
