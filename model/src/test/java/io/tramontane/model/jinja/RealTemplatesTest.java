package io.tramontane.model.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Templates of real models against what transformers made of them (tools/chat_templates.py), byte for byte. */
class RealTemplatesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The fixtures, or another folder made by the same tool with {@code --all}. */
    private static Path folder() {
        return Path.of(System.getProperty("tramontane.templates", "src/test/resources/templates"));
    }

    @TestFactory
    Stream<DynamicTest> everyConversationIsRenderedAsTransformersRendersIt() throws IOException {
        return names().stream().flatMap(name -> {
            JsonNode fixture = json(name);
            JinjaTemplate template = new JinjaTemplate(name, text(name));
            return Stream.iterate(0, i -> i + 1)
                    .limit(fixture.get("cases").size())
                    .map(i -> fixture.get("cases").get(i))
                    .map(c -> DynamicTest.dynamicTest(
                            name + ": " + c.get("name").asText(), () -> check(template, fixture, c)));
        });
    }

    @Test
    void atLeastSixFamiliesHaveASystemPromptAndAnAnswerWithThoughts() throws IOException {
        long complete = names().stream()
                .filter(name -> rendered(name, "system prompt and question") && rendered(name, "answer with thoughts"))
                .count();
        assertTrue(complete >= 6, complete + " families");
    }

    private static boolean rendered(String name, String title) {
        for (JsonNode c : json(name).get("cases")) if (c.get("name").asText().equals(title)) return c.has("text");
        return false;
    }

    private static void check(JinjaTemplate template, JsonNode fixture, JsonNode c) {
        Map<String, Object> variables = new HashMap<>(map(fixture.get("specialTokens")));
        variables.put("tools", null);
        variables.put("documents", null);
        variables.putAll(map(c.get("variables")));
        variables.put("messages", JSON.convertValue(c.get("messages"), List.class));
        variables.put("add_generation_prompt", c.get("addGenerationPrompt").asBoolean());
        LocalDateTime now = LocalDateTime.parse(fixture.get("now").asText());
        String made;
        try {
            made = template.render(variables, now).string();
        } catch (BadInputException e) {
            assertTrue(c.has("refusal"), "refused: " + e.getMessage());
            return;
        }
        assertTrue(
                !c.has("refusal"), "transformers refuses (" + c.path("refusal").asText() + "), we made: " + made);
        assertEquals(c.get("text").asText(), made);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, Map.class);
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jinja"))
                    .map(name -> name.substring(0, name.length() - ".jinja".length()))
                    .sorted()
                    .toList();
        }
    }

    private static String text(String name) {
        try {
            return Files.readString(folder().resolve(name + ".jinja"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JsonNode json(String name) {
        try {
            return JSON.readTree(folder().resolve(name + ".json").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
