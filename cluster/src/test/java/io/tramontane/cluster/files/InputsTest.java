package io.tramontane.cluster.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Rows;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputsTest {
    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    /** What a path is read as, {@code FILE:LINE VALUE}. */
    private List<String> read(String path) {
        List<String> rows = new ArrayList<>();
        try (Rows all = Inputs.of(path).rows()) {
            all.forEachRemaining(row -> rows.add(row.where().replace(folder + "/", "") + " "
                    + row.object().path("v").asInt()));
        }
        return rows;
    }

    private String refused(String path) {
        return assertThrows(BadInputException.class, () -> read(path))
                .getMessage()
                .replace(folder + "/", "");
    }

    @Test
    void aFolderIsItsFilesByNameWithoutMarksAndWithEmptyParts() throws IOException {
        file("in/part-00002.json", "{\"v\":3}\n");
        file("in/part-00000.jsonl", "{\"v\":1}\n{\"v\":2}");
        file("in/part-00001.json", "");
        file("in/_SUCCESS", "");
        file("in/.part-00000.jsonl.crc", "crc");
        file("in/inner/other.jsonl", "{\"v\":9}\n");
        List<String> expected = List.of("in/part-00000.jsonl:1 1", "in/part-00000.jsonl:2 2", "in/part-00002.json:1 3");
        assertEquals(expected, read(folder + "/in"));
        assertEquals(expected, read(folder + "/in/"));
        assertEquals(
                expected,
                read("file:" + folder + "/in").stream()
                        .map(row -> row.replace("file:", ""))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s/a*/x-?.jsonl", "%s/{a1,a2}/x-[0-9].jsonl", "file://%s/a*/x-?.jsonl", "%s/a*"})
    void aPatternIsTheFilesThatFitByName(String pattern) throws IOException {
        file("a2/x-1.jsonl", "{\"v\":3}\n");
        file("a1/x-2.jsonl", "{\"v\":2}\n");
        file("a1/x-1.jsonl", "{\"v\":1}\n");
        file("b/x-1.jsonl", "{\"v\":9}\n");
        assertEquals(
                List.of("1", "2", "3"),
                read(String.format(java.util.Locale.ROOT, pattern, folder)).stream()
                        .map(row -> row.substring(row.length() - 1))
                        .toList());
    }

    @Test
    void aFileWhoseOwnNameLooksLikeAPatternIsThatFile() throws IOException {
        file("x[1].jsonl", "{\"v\":7}\n");
        file("x1.jsonl", "{\"v\":9}\n");
        assertEquals(List.of("x[1].jsonl:1 7"), read(folder + "/x[1].jsonl"));
    }

    @Test
    void whatIsNotThereIsOneLine() throws IOException {
        Files.createDirectories(folder.resolve("none"));
        file("empty/a.jsonl", "");
        file("empty/b.jsonl", "\n");
        assertEquals(folder + "/none: the folder holds no files", message(folder + "/none"));
        assertEquals("*.jsonl: no file fits", refused(folder + "/*.jsonl"));
        assertEquals("x.jsonl: no such file", refused(folder + "/x.jsonl"));
        assertEquals(folder + "/empty: all 2 files are empty", message(folder + "/empty"));
    }

    private String message(String path) {
        return assertThrows(BadInputException.class, () -> read(path)).getMessage();
    }

    @Test
    void theDigestIsThatOfTheFilesInTheirOrder() throws IOException {
        file("one.jsonl", "{\"v\":1}\n");
        assertEquals(
                Storage.path(folder + "/one.jsonl").digest(),
                Inputs.of(folder + "/one.jsonl").digest());
        file("d/a.jsonl", "{\"v\":1}\n");
        file("d/b.jsonl", "{\"v\":2}\n");
        String before = Inputs.of(folder + "/d").digest();
        file("d/b.jsonl", "{\"v\":3}\n");
        assertNotEquals(before, Inputs.of(folder + "/d").digest());
    }

    private static Path codec(String name) throws URISyntaxException {
        return Path.of(InputsTest.class.getResource("/codecs/" + name).toURI());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c-none.parquet",
                "c-snappy.parquet",
                "c-gzip.parquet",
                "c-zstd.parquet",
                "c-lz4.parquet",
                "c-uncompressed.arrow",
                "c-lz4.arrow",
                "c-zstd.arrow"
            })
    void compressionsOfTablesThatWeRead(String name) throws URISyntaxException {
        try (Rows rows = RowForm.read(Storage.path(codec(name).toString()))) {
            assertEquals("a", rows.next().object().path("problemId").asText());
        }
    }

    @Test
    void aCompressionOfATableWithoutALibraryIsNamed() throws URISyntaxException {
        Path file = codec("c-brotli.parquet");
        String said = assertThrows(BadInputException.class, () -> RowForm.read(Storage.path(file.toString())))
                .getMessage();
        assertEquals(file + ": column problemId is compressed by brotli, allowed none, snappy, gzip, zstd, lz4", said);
    }

    @Test
    void capitalsOfAnEndingDoNotMatter() {
        assertEquals(RowForm.PARQUET, RowForm.of("A.PARQUET"));
        assertTrue(io.tramontane.data.Codec.isGzip("A.JSONL.GZ"));
    }
}
