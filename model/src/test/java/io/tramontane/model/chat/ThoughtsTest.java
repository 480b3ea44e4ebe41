package io.tramontane.model.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.Problem;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThoughtsTest {
    private static TokenizerFiles files(String template) throws Exception {
        return new TokenizerFiles(
                "m",
                Map.of(
                        "tokenizer.json", HuggingFaceTokenizer.tinyFile("tokenizer.json"),
                        "chat_template.jinja", template.replace("NL", "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static final String ASK = "{% for m in messages %}{{ m.content }}{% endfor %}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            ignoreLeadingAndTrailingWhitespace = false,
            emptyValue = "",
            value = {
                "model@<think>NL@<think>NL",
                "model@<think>@<think>",
                "model@<|im_start|>assistantNL<think>Okay, @<think>Okay, ",
                "model@<think>NLNL</think>NLNL@''",
                "model@<think></think><think>@<think>",
                "model@''@''",
                "model-tokens@[THINK]@[THINK]",
                "model-plain@[THINK]@[THINK]",
                "model-plain@<think>@<think>",
            })
    void theOpeningIsWhatTheTemplateWritesBehindTheStatement(String chat, String end, String opening) throws Exception {
        Thoughts thoughts = Thoughts.of(chat, files(ASK + end + "{# #}"), LocalDate.EPOCH, ThinkTags.CHAT);
        assertEquals(opening.replace("NL", "\n"), thoughts.opening());
        assertEquals(thoughts.opening() + "a", thoughts.whole("a"));
    }

    @Test
    void aStatementThatEndsInTheMarkOpensNothing() throws Exception {
        ChatTemplate chat = ModelChat.of(files(ASK), "", LocalDate.EPOCH);
        Problem problem = Problem.math("a", "en", "What is <think>", "2", Map.of());
        assertEquals("", chat.marked(problem).ownTail());
        assertEquals("", chat.opening(ThinkTags.ANGLE));
    }

    @ParameterizedTest
    @CsvSource({
        "model,[THINK]",
        "model-tokens,<think>",
        "model,<thinking>",
        "model,<|begin_of_thought|>",
        "model-plain,<seed:think>"
    })
    void anotherMarkIsRefusedBeforeTheRun(String chat, String end) {
        String message = assertThrows(
                        BadInputException.class,
                        () -> Thoughts.of(chat, files(ASK + end + "NL{# #}"), LocalDate.EPOCH, ThinkTags.CHAT))
                .getMessage();
        String looked = chat.equals("model-tokens") ? "[THINK]" : "<think>";
        assertEquals(
                "m: chat template ends the prompt in " + end + ", but the format gate looks for " + looked
                        + ": every reward would be 0, allowed <think>, [THINK] as the marks of both",
                message);
    }
}
