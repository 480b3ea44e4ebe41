package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathTest {
    private static final String ALLOWED =
            " is an address, allowed a path on this machine (addresses work for --run, data.train, data.evaluation,"
                    + " evaluate --problems, in score, in curate tests and for --out files)";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3a://bucket/run",
                "s3a:/bucket/run",
                "S3://b",
                "hdfs://nn:8020/p",
                "file:///tmp/p",
                "https://huggingface.co/m",
                "abfss://c@a.dfs.core.windows.net/p"
            })
    void anAddressIsRefusedByName(String address) {
        BadInputException refused = assertThrows(BadInputException.class, () -> LocalPath.of("model", address));
        String scheme = address.substring(0, address.indexOf(':') + 1);
        assertEquals("model " + address + ": " + scheme + ALLOWED, refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"runs/a", "/tmp/a:b", "a:b", "C:/data", "runs/s3a://x", "12:30/run"})
    void aPathOnThisMachineIsTakenAsItIs(String path) {
        assertEquals(Path.of(path), LocalPath.of("--run", path));
    }

    @Test
    void aTextThatNamesNoFileIsLeftToJavasOwnComplaint() {
        assertThrows(InvalidPathException.class, () -> LocalPath.of("--run", "a\0b"));
    }
}
