package io.tramontane.model.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplatesTest {
    private static final Problem PROBLEM = Problem.math("a", "fr", "Combien font 1+1 ?", "2", Map.of());

    @Test
    void tinyIsTheStatementAndALineBreak() {
        assertEquals("Combien font 1+1 ?\n", ChatTemplates.named("tiny").prompt(PROBLEM));
    }

    @Test
    void magistralPutsTheSystemPromptBeforeTheStatement() {
        String prompt = ChatTemplates.named("magistral").prompt(PROBLEM);
        assertTrue(prompt.startsWith("<s>[SYSTEM_PROMPT]"), prompt);
        assertTrue(prompt.endsWith("[/SYSTEM_PROMPT][INST]Combien font 1+1 ?[/INST]"), prompt);
        for (String needed :
                new String[] {"<think>", "</think>", "\\boxed{}", "fenced", "language", "Markdown", "LaTeX"}) {
            assertTrue(prompt.contains(needed), needed);
        }
    }

    @Test
    void anotherSystemPromptTakesThePlaceOfOurs() {
        TokenizerFiles own =
                files("chat_template.jinja", "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}");
        String system = "Pense entre <think> et </think>.";
        assertEquals(
                "<s>[SYSTEM_PROMPT]" + system + "[/SYSTEM_PROMPT][INST]Combien font 1+1 ?[/INST]",
                ChatTemplates.named("magistral", system, own, LocalDate.EPOCH).prompt(PROBLEM));
        for (String name : new String[] {"model", "model-tokens"})
            assertEquals(
                    "system:" + system + ";user:Combien font 1+1 ?;",
                    ChatTemplates.named(name, system, own, LocalDate.EPOCH).prompt(PROBLEM));
        String ours =
                ChatTemplates.named("model-tokens", "", own, LocalDate.EPOCH).prompt(PROBLEM);
        assertTrue(ours.contains("Begin with [THINK]"), ours);
        assertEquals(
                "Combien font 1+1 ?\n",
                ChatTemplates.named("tiny", "", own, LocalDate.EPOCH).prompt(PROBLEM));
        assertEquals(
                "Pense.\nCombien font 1+1 ?\n",
                ChatTemplates.named("tiny", "Pense.", own, LocalDate.EPOCH).prompt(PROBLEM));
    }

    private static TokenizerFiles files(String... namesAndTexts) {
        Map<String, byte[]> files = new HashMap<>(Map.of("tokenizer.json", new byte[0]));
        for (int i = 0; i < namesAndTexts.length; i += 2)
            files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        return new TokenizerFiles("model", files);
    }

    private static String prompt(TokenizerFiles files) {
        return ModelChat.of(files, "", LocalDate.of(2026, 1, 31)).prompt(PROBLEM);
    }

    @Test
    void aTemplateThatAsksForTheDateIsToldTheOneThatItWasMadeWith() {
        String dated = "{{ strftime_now('%d %b %Y %H:%M') }}";
        assertEquals("31 Jan 2026 00:00", prompt(files("chat_template.jinja", dated)));
    }

    @Test
    void theKeysOfAMessageComeInOneOrder() {
        String keys = "{% for m in messages %}{% for k, v in m|items %}{{ k }};{% endfor %}{{ m|tojson }}{% endfor %}";
        ModelChat chat = ModelChat.of(files("chat_template.jinja", keys), "Be brief.", LocalDate.EPOCH);
        assertEquals(
                "role;content;{\"role\": \"system\", \"content\": \"Be brief.\"}"
                        + "role;content;{\"role\": \"user\", \"content\": \"Combien font 1+1 ?\"}",
                chat.prompt(PROBLEM));
    }

    @Test
    void ourReasoningPromptIsOursAndOfAnyOtherOnlyTheMarksOfThoughts() {
        String template = "{{ messages[0].content }}";
        MarkedText ours = ChatTemplates.named("model-tokens", files("chat_template.jinja", template), LocalDate.EPOCH)
                .marked(PROBLEM);
        assertFalse(ours.foreign(0, ours.length()));
        MarkedText other = ModelChat.of(files("chat_template.jinja", template), "Use [THINK] </s>.", LocalDate.EPOCH)
                .marked(PROBLEM);
        assertTrue(other.foreign(0, 4));
        assertFalse(other.foreign(4, 11));
        assertTrue(other.foreign(11, 17));
        MarkedText tiny = ChatTemplates.named("tiny").marked(PROBLEM);
        assertEquals("\n", tiny.ownTail());
        MarkedText magistral = ChatTemplates.named("magistral").marked(PROBLEM);
        assertEquals("[/INST]", magistral.ownTail());
    }

    @Test
    void theModelsOwnTemplateIsTheJinjaFileThenTheTokenizersThenThatOfChatTemplateJson() {
        String config = "tokenizer_config.json";
        String json = "chat_template.json";
        String[] all = {
            "chat_template.jinja", "1", config, "{\"chat_template\":\"2\"}", json, "{\"chat_template\":\"3\"}"
        };
        assertEquals("1", prompt(files(all)));
        assertEquals("2", prompt(files(Arrays.copyOfRange(all, 2, 6))));
        String[] last = {config, "{\"chat_template\":null}", json, "{\"chat_template\":\"{{ messages[0].content }}\"}"};
        assertEquals("Combien font 1+1 ?", prompt(files(last)));
        assertFalse(ModelChat.isIn(files(config, "{\"chat_template\":null}")));
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        String message = assertThrows(BadInputException.class, () -> ChatTemplates.named("chatml"))
                .getMessage();
        assertEquals(
                "data.chat chatml, allowed tiny, magistral, model, model-tokens, model-plain, model-system", message);
    }
}
