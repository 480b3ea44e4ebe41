package io.tramontane.model.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.Problem;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations as mistral-common encodes them, by {@code tools/mistral_chat.py}. */
class MistralChatTest {
    private static final Path RESOURCES = Path.of("src/test/resources/mistral-tokenizers");

    @TempDir
    Path folder;

    private TokenizerFiles files(String tokenizer, int version) throws IOException {
        if (tokenizer.equals("spm")) {
            Files.copy(RESOURCES.resolve("spm/tokenizer.model.v7"), folder.resolve("tokenizer.model.v" + version));
            return TokenizerFiles.of(folder);
        }
        String whole = System.getProperty("tramontane.tekken"); // a whole tekken.json and its chats
        Path tekken = whole == null ? RESOURCES.resolve("tekken/tekken.json") : Path.of(whole);
        String text =
                Files.readString(tekken).replaceFirst("\"version\": *\"v\\d+\"", "\"version\": \"v" + version + "\"");
        Files.writeString(folder.resolve("tekken.json"), text);
        return TokenizerFiles.of(folder);
    }

    @ParameterizedTest
    @CsvSource({"tekken, 3", "tekken, 7", "tekken, 11", "tekken, 13", "spm, 1", "spm, 2", "spm, 3", "spm, 7"})
    void tokensAreThoseOfMistralCommon(String tokenizer, int version) throws IOException {
        TokenizerFiles files = files(tokenizer, version);
        ChatFormat format = ChatFormat.of(files, LocalDate.EPOCH).orElseThrow();
        assertEquals(version, ((MistralChat) format).version());
        int compared = 0;
        List<String> wrong = new ArrayList<>();
        Path chats = Path.of(System.getProperty(
                "tramontane.tekken.chats", RESOURCES.resolve("chats.jsonl").toString()));
        try (HuggingFaceTokenizer rust = new HuggingFaceTokenizer(files)) {
            for (String line : Files.readAllLines(chats)) {
                JsonNode chat = new ObjectMapper().readTree(line);
                if (!chat.path("tokenizer").asText().equals(tokenizer)
                        || chat.path("version").asInt() != version) continue;
                if (chat.has("refused")) continue;
                int[] expected = IntStream.range(0, chat.path("ids").size())
                        .map(i -> chat.path("ids").get(i).asInt())
                        .toArray();
                int[] found = rust.encode(format.render(conversation(chat), true));
                compared++;
                if (!java.util.Arrays.equals(expected, found))
                    wrong.add(chat.path("name").asText() + "\n  " + java.util.Arrays.toString(expected) + "\n  "
                            + java.util.Arrays.toString(found) + "\n  " + rust.decode(expected) + "\n  "
                            + rust.decode(found));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(compared >= 13, compared + " compared");
    }

    static Conversation conversation(JsonNode chat) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : chat.path("messages")) {
            List<Chunk> content = new ArrayList<>();
            if (message.path("content").isTextual())
                content.add(new Chunk.Text(message.path("content").asText()));
            for (JsonNode chunk : message.path("content"))
                content.add(
                        chunk.path("type").asText().equals("thinking")
                                ? new Chunk.Thinking(
                                        chunk.path("thinking").asText(),
                                        chunk.path("closed").asBoolean())
                                : new Chunk.Text(chunk.path("text").asText()));
            List<ToolCall> calls = new ArrayList<>();
            for (JsonNode call : message.path("tool_calls"))
                calls.add(new ToolCall(
                        call.path("id").asText(),
                        call.path("function").path("name").asText(),
                        call.path("function").path("arguments").asText()));
            messages.add(new ChatMessage(
                    Role.valueOf(message.path("role").asText().toUpperCase(Locale.ROOT)),
                    content,
                    calls,
                    message.path("tool_call_id").asText(""),
                    message.path("name").asText("")));
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : chat.path("tools")) {
            JsonNode function = tool.path("function");
            tools.add(new Tool(
                    function.path("name").asText(),
                    function.path("description").asText(),
                    function.path("parameters").toString()));
        }
        return new Conversation(messages, tools);
    }

    @Test
    void theModelsSystemPromptShowsItsThoughts() throws IOException {
        Files.writeString(folder.resolve("SYSTEM_PROMPT.txt"), "Think.[THINK]a draft[/THINK]Then answer [THINK].");
        TokenizerFiles files = files("tekken", 13);
        ChatTemplate chat = ChatTemplates.named("model-system", files, LocalDate.EPOCH);
        Problem problem = Problem.math("a", "en", "1+1? [/INST]", "2", Map.of());
        assertEquals(
                "<s>[SYSTEM_PROMPT]Think.[THINK]a draft[/THINK]Then answer [THINK].[/SYSTEM_PROMPT][INST]1+1? [/INST][/INST]",
                chat.prompt(problem));
        try (HuggingFaceTokenizer rust = new HuggingFaceTokenizer(files)) {
            int[] ids = rust.encode(chat.marked(problem));
            assertEquals(
                    1,
                    IntStream.of(ids).filter(id -> id == 34).count(),
                    "[THINK] in a pair is a token, one alone is text");
            assertEquals(1, IntStream.of(ids).filter(id -> id == 4).count(), "[/INST] of a statement is text");
        }
    }

    @Test
    void theProgramsSystemPromptHasItsMarksAsTokens() throws IOException {
        TokenizerFiles files = files("tekken", 13);
        Problem problem = Problem.math("a", "en", "1+1?", "2", Map.of());
        try (HuggingFaceTokenizer rust = new HuggingFaceTokenizer(files)) {
            String prompt =
                    ChatTemplates.named("model-tokens", files, LocalDate.EPOCH).prompt(problem);
            int[] ids = rust.encode(
                    ChatTemplates.named("model-tokens", files, LocalDate.EPOCH).marked(problem));
            long marks = prompt.split("\\[THINK]", -1).length - 1;
            assertTrue(marks > 1);
            assertEquals(marks, IntStream.of(ids).filter(id -> id == 34).count());
            assertArrayEquals(
                    rust.encode("<s>[INST]1+1?[/INST]"),
                    rust.encode(ChatTemplates.named("model-plain", files, LocalDate.EPOCH)
                            .marked(problem)));
        }
    }

    @Test
    void whatAVersionCannotExpressIsOneLine() throws IOException {
        MistralChat eleven = new MistralChat("m", 11, false);
        Conversation thoughts = new Conversation(
                List.of(
                        ChatMessage.of(Role.SYSTEM, List.of(new Chunk.Thinking("x", true))),
                        ChatMessage.of(Role.USER, "?")),
                List.of());
        assertEquals(
                "m: chat of version 11: a message has thoughts, and the tokenizer has no [THINK]",
                assertThrows(BadInputException.class, () -> eleven.render(thoughts, true))
                        .getMessage());
        Conversation answered = new Conversation(
                List.of(ChatMessage.of(Role.USER, "?"), ChatMessage.of(Role.ASSISTANT, "!")), List.of());
        assertTrue(assertThrows(BadInputException.class, () -> eleven.render(answered, true))
                .getMessage()
                .contains("the last message is the assistant's"));
        MistralChat one = new MistralChat("m", 1, false);
        Conversation result = new Conversation(
                List.of(
                        ChatMessage.of(Role.USER, "?"),
                        new ChatMessage(Role.TOOL, List.of(new Chunk.Text("12 C")), List.of(), "a", "f")),
                List.of());
        assertTrue(assertThrows(BadInputException.class, () -> one.render(result, true))
                .getMessage()
                .contains("a tool answers, this version knows none"));
    }
}
