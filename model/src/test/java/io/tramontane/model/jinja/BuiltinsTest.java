package io.tramontane.model.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every part of Jinja that a chat template can use against what transformers makes of it (tools/jinja_builtins.py). */
class BuiltinsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> eachPartOfJinjaMeansWhatItMeansInTransformers() throws IOException {
        JsonNode fixture =
                JSON.readTree(Path.of("src/test/resources/jinja/builtins.json").toFile());
        Map<String, Object> variables = new HashMap<>();
        fixture.get("variables")
                .properties()
                .forEach(field -> variables.put(field.getKey(), JSON.convertValue(field.getValue(), Object.class)));
        variables.put("messages", JSON.convertValue(fixture.get("messages"), List.class));
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", true);
        LocalDateTime now = LocalDateTime.parse(fixture.get("now").asText());
        return StreamSupport.stream(fixture.get("cases").spliterator(), false)
                .map(c -> DynamicTest.dynamicTest(c.get("template").asText(), () -> check(c, variables, now)));
    }

    private static void check(JsonNode c, Map<String, Object> variables, LocalDateTime now) {
        String made;
        try {
            made = new JinjaTemplate("t", c.get("template").asText())
                    .render(variables, now)
                    .string();
        } catch (BadInputException e) {
            assertTrue(c.has("refusal"), "refused: " + e.getMessage());
            return;
        }
        assertFalse(c.has("refusal"), "transformers refuses, we made: " + made);
        assertEquals(c.get("text").asText(), made);
    }
}
