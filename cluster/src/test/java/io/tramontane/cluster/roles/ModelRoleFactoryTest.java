package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRoleFactoryTest {
    @TempDir
    Path folder;

    private static Completion sampledBy(int... versions) {
        return new Completion(new int[versions.length], new float[versions.length], versions, true, "");
    }

    private static Group group(Completion... completions) {
        return new Group(7, Problem.math("p", "en", "1+1?", "2", Map.of()), new int[] {1}, List.of(completions));
    }

    @Test
    void aGroupIsSampledForTheStepAfterItsOldestToken() {
        assertEquals(42, ModelRoleFactory.sampledFor(group(sampledBy(42, 42, 43), sampledBy(), sampledBy(41, 44))));
        assertEquals(1, ModelRoleFactory.sampledFor(group(sampledBy())));
    }

    @Test
    void theGateLooksForTheMarksThatThePromptAsksFor() throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.write(folder.resolve(name), HuggingFaceTokenizer.tinyFile(name));
        String square = "[THINK]1+1=2.[/THINK]\\boxed{2}";
        assertEquals(0.1, format("model-tokens", square));
        assertEquals(0, format("model-tokens", "<think>1+1=2.</think>\\boxed{2}"));
        assertEquals(0, format("model", square));
        assertEquals(0, format("model-plain", square));
        addToken("[THINK]");
        assertEquals(0.1, format("model-plain", square));
        assertEquals(0, format("model", square));
    }

    @Test
    void aTemplateThatOpensTheThoughtsHasTheMarkCounted() throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
            Files.write(folder.resolve(name), HuggingFaceTokenizer.tinyFile(name));
        Path template = folder.resolve("chat_template.jinja");
        String rest = "1+1=2.</think>\\boxed{2}";
        Files.writeString(template, "{{ messages[-1].content }}<think>\n{% if true %}{% endif %}");
        assertEquals(0.1, format("model", rest));
        assertEquals(0.1, format("model-plain", rest));
        assertEquals(0, format("model", "<think>" + rest)); // a second opening mark
        Files.writeString(template, "{{ messages[-1].content }}");
        assertEquals(0, format("model", rest));
        assertEquals(0.1, format("model", "<think>" + rest));
        Files.writeString(template, "{{ messages[-1].content }}<think>\n\n</think>\n\n");
        assertEquals(0.1, format("model", "<think>" + rest));
    }

    private double format(String chat, String completion) {
        Config config = ConfigReader.read(Config.defaults(), Optional.empty(), List.of("data.chat=" + chat));
        Completion said = new Completion(new int[3], new float[3], new int[3], true, completion);
        try (GroupVerifier verifier = new ModelRoleFactory(config, folder).verifier()) {
            return verifier.score(group(said), 0, () -> {}).get(0).format();
        }
    }

    private void addToken(String content) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode tokenizer = (ObjectNode) json.readTree(file.toFile());
        ObjectNode token = tokenizer.withArray("added_tokens").addObject();
        token.put("id", 1049).put("content", content).put("special", true);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) token.put(flag, false);
        json.writeValue(file.toFile(), tokenizer);
    }
}
