package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationSettingsTest {
    @TempDir
    Path folder;

    @Test
    void otherFilesBesideTheWeightsDoNotChangeTheDigest() throws IOException {
        Files.writeString(folder.resolve("model.safetensors"), "abc");
        String abc = "ba7816bf8f01cfea"; // SHA-256 of "abc" begins so (FIPS 180-2, appendix B.1)
        assertEquals(abc, EvaluationSettings.digest(folder));
        Files.writeString(folder.resolve("second.safetensors"), "a moment of an older checkpoint");
        Files.writeString(Files.createDirectory(folder.resolve("optimizer")).resolve("first.safetensors"), "a moment");
        assertEquals(abc, EvaluationSettings.digest(folder));
    }
}
