package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders in Mistral's own form hold the very numbers of their Hugging Face form (tools/mistral_form.py). */
class MistralFormTest {
    @TempDir
    Path folder;

    static Path model(String name) {
        try {
            return Path.of(MistralFormTest.class.getResource("/mistral/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path copy(Path... sources) throws IOException {
        for (Path source : sources)
            try (Stream<Path> files = Files.list(source)) {
                for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
            }
        return folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral3", "ministral3", "ministral", "mixtral"})
    void bothFormsAreOneModel(String name) {
        Path original = Fixture.folder(name).model();
        assertEquals(Checkpoint.config(original), Checkpoint.config(model(name)));
        assertEquals(
                Checkpoint.read(original, 0).digest(),
                Checkpoint.read(model(name), 0).digest());
    }

    @Test
    void whatIsWrittenIsHuggingFacesForm() throws IOException {
        Checkpoint.write(folder, Checkpoint.read(model("ministral3"), 0), null);
        assertTrue(Files.isRegularFile(folder.resolve("config.json")));
        assertEquals(
                Checkpoint.read(model("ministral3"), 0).digest(),
                Checkpoint.read(folder, 0).digest());
    }

    @Test
    void matricesInEightBitsAreTheirValueTimesTheirScale() {
        assertEquals(Checkpoint.config(model("eight-bits-plain")), Checkpoint.config(model("eight-bits")));
        assertEquals(
                Checkpoint.read(model("eight-bits-plain"), 0).digest(),
                Checkpoint.read(model("eight-bits"), 0).digest());
    }

    @Test
    void ofTwoFormsHuggingFacesCounts() throws IOException {
        Path both = copy(model("mistral3"), Fixture.folder("mistral").model());
        assertEquals(Checkpoint.config(Fixture.folder("mistral").model()), Checkpoint.config(both));
        assertEquals(List.of(both.resolve("model.safetensors")), Checkpoint.weightFiles(both));
        Files.delete(both.resolve("model.safetensors"));
        assertEquals(Checkpoint.config(model("mistral3")), Checkpoint.config(both));
        assertEquals(List.of(both.resolve("consolidated.safetensors")), Checkpoint.weightFiles(both));
    }

    @Test
    void aConfigJsonBesideMistralsFilesStatesTheShape() throws IOException {
        Path mixed = copy(model("mistral3"));
        Files.delete(mixed.resolve("params.json"));
        Files.copy(Fixture.folder("mistral3").model().resolve("config.json"), mixed.resolve("config.json"));
        assertEquals(
                Checkpoint.read(model("mistral3"), 0).digest(),
                Checkpoint.read(mixed, 0).digest());
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Path parts = copy(model("ministral3"));
        Files.delete(parts.resolve("consolidated-00001-of-00002.safetensors"));
        String error = error(parts);
        assertTrue(error.contains("consolidated-00002-of-00002.safetensors: is part 1 of the 1 that are there"), error);
    }

    @Test
    void aTensorTwiceIsNamed() throws IOException {
        Path parts = copy(model("ministral3"));
        Files.copy(
                parts.resolve("consolidated-00001-of-00002.safetensors"),
                parts.resolve("consolidated-00002-of-00002.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(error(parts).endsWith("lies in another file, too"), error(parts));
    }

    @Test
    void headsThatContradictTheTensorsAreNamed() throws IOException {
        Path model = copy(model("mistral3"));
        Path params = model.resolve("params.json");
        Files.writeString(params, Files.readString(params).replace("\"head_dim\": 12", "\"head_dim\": 16"));
        String error = error(model);
        assertTrue(
                error.endsWith("consolidated.safetensors: tensor layers.0.attention.wq.weight: shape [48, 32], expected"
                        + " [64, 32]"),
                error);
    }

    @Test
    void absurdSizesAreRefusedBeforeMemoryIsTaken() throws IOException {
        Path model = copy(model("mistral3"));
        Path params = model.resolve("params.json");
        Files.writeString(params, Files.readString(params).replace("\"n_layers\": 2", "\"n_layers\": 1024"));
        assertTrue(error(model).endsWith("tensor model.layers.2.input_layernorm.weight is missing"), error(model));
        Files.writeString(params, Files.readString(params).replace("\"n_layers\": 1024", "\"n_layers\": 2000000000"));
        assertTrue(error(model).endsWith("params.json: layers 2000000000, allowed 1 to 1024"), error(model));
    }

    private static String error(Path model) {
        return assertThrows(BadInputException.class, () -> Checkpoint.read(model, 0))
                .getMessage();
    }
}
