package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    @TempDir
    Path folder;

    @Test
    void aCheckpointSaysWhereGenerationEndsAndWhatItIs() throws IOException {
        Checkpoint.write(folder, PolicyTest.random(PolicyTest.SMALL, 1), null);
        JsonNode generation = new ObjectMapper()
                .readTree(folder.resolve("generation_config.json").toFile());
        assertEquals(
                PolicyTest.SMALL.endOfText(), generation.path("eos_token_id").asInt(-1));
        String card = Files.readString(folder.resolve("README.md"));
        assertTrue(card.startsWith("---\nlibrary_name: transformers\n"), card);
        assertTrue(
                card.contains(
                        "| parameters | " + String.format(Locale.ROOT, "%,d", PolicyTest.SMALL.parameters()) + " |"),
                card);
        assertTrue(card.contains("| numbers | float32 |"), card);
    }

    @Test
    void whatTheModelBringsAlongStays() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Files.writeString(source.resolve("tokenizer.json"), "{}");
        Files.writeString(source.resolve("generation_config.json"), "{\"eos_token_id\":[5,6]}");
        Path target = Files.createDirectory(folder.resolve("target"));
        Files.writeString(target.resolve("README.md"), "mine");
        Checkpoint.write(target, PolicyTest.random(PolicyTest.SMALL, 1), source.resolve("tokenizer.json"));
        assertEquals("{\"eos_token_id\":[5,6]}", Files.readString(target.resolve("generation_config.json")));
        assertEquals("mine", Files.readString(target.resolve("README.md")));
    }

    @Test
    void namesOfShardsFollowNoLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(new Locale("ar", "EG"));
            Checkpoint.write(folder, PolicyTest.random(PolicyTest.SMALL, 1), null, new SaveForm(false, 1));
            assertTrue(Files.exists(folder.resolve("model-00001-of-"
                    + String.format(
                            Locale.ROOT, "%05d", PolicyTest.SMALL.tensors().size()) + ".safetensors")));
            assertTrue(Files.readString(folder.resolve("README.md"))
                    .contains(String.format(Locale.ROOT, "%,d", PolicyTest.SMALL.parameters())));
        } finally {
            Locale.setDefault(before);
        }
    }
}
