package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointManifestTest {
    /** FIPS 180-2's example. */
    private static final String SHA_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path root;

    private LocalStorage folder;

    @BeforeEach
    void twoFilesAndAState() throws IOException {
        folder = new LocalStorage(root);
        Files.createDirectories(root.resolve("optimizer"));
        Files.writeString(root.resolve("config.json"), "abc");
        Files.writeString(root.resolve("optimizer/first.safetensors"), "abcd");
        CheckpointManifest.write(folder, 40, "state.json", "{}".getBytes(StandardCharsets.UTF_8));
        Files.writeString(root.resolve("state.json"), "{}");
    }

    private String fault() {
        CheckpointManifest manifest = CheckpointManifest.read(folder).orElseThrow();
        return assertThrows(BadInputException.class, () -> manifest.check(folder))
                .getMessage();
    }

    @Test
    void itHasTheSizeAndDigestOfEveryFileAlsoOfTheOneThatIsWrittenLater() {
        CheckpointManifest manifest = CheckpointManifest.read(folder).orElseThrow();
        assertEquals(40, manifest.step());
        assertEquals(
                "[config.json, optimizer/first.safetensors, state.json]",
                "" + manifest.files().keySet());
        assertEquals(
                new CheckpointManifest.Entry(3, SHA_OF_ABC), manifest.files().get("config.json"));
        assertEquals(2, manifest.files().get("state.json").bytes());
        manifest.check(folder);
    }

    @Test
    void aFileThatCameLaterIsNoFault() throws IOException {
        Files.writeString(root.resolve("notes.txt"), "mine");
        CheckpointManifest.read(folder).orElseThrow().check(folder);
    }

    @Test
    void aChangedByteAShorterFileAndAMissingOneAreNamed() throws IOException {
        Path first = root.resolve("optimizer/first.safetensors");
        Files.writeString(first, "abce");
        assertTrue(fault().startsWith(first + ": is not what was saved: its SHA-256 begins with "), fault());
        Files.writeString(first, "abc");
        assertEquals(first + ": has 3 bytes, 4 were saved", fault());
        Files.writeString(first, "");
        assertEquals(first + ": has 0 bytes, 4 were saved", fault());
        Files.delete(first);
        assertEquals(first + ": is missing, the checkpoint was saved with it", fault());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':null} | names a file without its size and digest",
                "{'a':{'bytes':1}} | a file has no sha256",
                "{'a\\u0000b':{'bytes':1,'sha256':'x'}} | is no file of the checkpoint"
            })
    void whatNamesNoFileIsOneLine(String files, String told) throws IOException {
        Files.writeString(
                root.resolve("manifest.json"), "{\"format\":1,\"step\":40,\"files\":" + files.replace('\'', '"') + "}");
        String message = assertThrows(
                        BadInputException.class,
                        () -> CheckpointManifest.read(folder).orElseThrow().check(folder))
                .getMessage();
        assertTrue(message.contains(told), message);
    }

    @Test
    void anOlderCheckpointHasNone() throws IOException {
        Files.delete(root.resolve("manifest.json"));
        assertEquals(Optional.empty(), CheckpointManifest.read(folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"format\":1,\"step\":4,\"files\":{}}",
                "{\"format\":2,\"step\":4,\"files\":{\"config.json\":{\"bytes\":3,\"sha256\":\"\"}}}"
            })
    void whatIsNoManifestIsBadInputThatNamesIt(String text) throws IOException {
        Files.writeString(root.resolve("manifest.json"), text);
        BadInputException e = assertThrows(BadInputException.class, () -> CheckpointManifest.read(folder));
        assertTrue(e.getMessage().startsWith(root.resolve("manifest.json") + ": "), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/passwd", "a//b", "."})
    void aNameThatLeadsOutOfTheFolderIsRefused(String name) throws IOException {
        Files.writeString(
                root.resolve("manifest.json"),
                "{\"format\":1,\"step\":4,\"files\":{\"" + name + "\":{\"bytes\":3,\"sha256\":\"" + SHA_OF_ABC
                        + "\"}}}");
        assertTrue(fault().endsWith("'" + name + "' is no file of the checkpoint"), fault());
    }
}
