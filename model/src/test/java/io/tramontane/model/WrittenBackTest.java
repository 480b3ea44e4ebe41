package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What we write is what transformers was seen to load: {@code tools/model-fixtures.py check} loaded the files that this
 * test leaves in target/written-back, compared their logits and recorded the files' digests.
 */
class WrittenBackTest {
    /** Not part of the model; {@link ModelCardTest} looks at them. */
    private static final Set<String> BESIDE = Set.of("README.md", "generation_config.json");

    private static Map<String, String> digests(Path folder) throws IOException, NoSuchAlgorithmException {
        Map<String, String> digests = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (BESIDE.contains(file.getFileName().toString())) continue;
                byte[] sha = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(file.getFileName().toString(), HexFormat.of().formatHex(sha));
            }
        }
        return digests;
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return;
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
    }

    private static Map<String, String> recorded(String name) {
        Map<String, String> digests = new TreeMap<>();
        JsonNode record = Fixture.json(Fixture.resources().resolve("written-back.json"));
        record.path(name)
                .path("sha256")
                .properties()
                .forEach(e -> digests.put(e.getKey(), e.getValue().asText()));
        return digests;
    }

    @ParameterizedTest
    @MethodSource("io.tramontane.model.Fixture#folders")
    void filesAreThoseThatTransformersLoaded(String name) throws Exception {
        WeightSnapshot weights = Checkpoint.read(Fixture.folder(name).model(), 0);
        Map<Path, SaveForm> forms = Map.of(
                Path.of("target/written-back", name + "-f32"),
                SaveForm.exact(),
                Path.of("target/written-back", name + "-bf16shards"),
                new SaveForm(true, 20_000));
        for (Path folder : forms.keySet()) {
            empty(folder);
            Checkpoint.write(folder, weights, null, forms.get(folder));
            assertEquals(weights.digest(), Checkpoint.read(folder, 0).digest()); // the fixtures' weights fit BF16
            assertEquals(weights.config(), Checkpoint.config(folder));
        }
        for (Path folder : forms.keySet())
            assertEquals(recorded(folder.getFileName().toString()), digests(folder));
    }
}
