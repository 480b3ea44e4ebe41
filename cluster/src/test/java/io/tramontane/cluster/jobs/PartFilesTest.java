package io.tramontane.cluster.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.files.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartFilesTest {
    private static final String KEY = "0123456789abcdef";

    @TempDir
    Path folder;

    @Test
    void finishedPartsAreFoundAgainByTheSameKeyOnly() {
        open(KEY).write(3, List.of("{\"a\":1}", "{\"a\":2}"));
        PartFiles again = open(KEY);
        assertTrue(again.has(3));
        assertFalse(again.has(2));
        List<String> lines = new ArrayList<>();
        again.read(3, row -> lines.add(row.toString()));
        assertEquals(List.of("{\"a\":1}", "{\"a\":2}"), lines);
        assertFalse(open("fedcba9876543210").has(3));
        assertEquals(0, open(KEY).count(), "what belongs to another key is gone");
    }

    @Test
    void aPartThatWasNotFinishedDoesNotCount() throws IOException {
        open(KEY);
        Path parts = folder.resolve("S.jsonl.parts");
        Files.writeString(parts.resolve("part-00001-" + KEY + ".jsonl.unfinished"), "{\"a\":");
        assertEquals(0, open(KEY).count());
        assertEquals(0, parts.toFile().list().length);
    }

    @Test
    void theFolderGoesWithThePartsUnlessSomethingOfTheUsersIsInIt() throws IOException {
        Path parts = folder.resolve("S.jsonl.parts");
        PartFiles files = open(KEY);
        files.write(0, List.of("{}"));
        files.delete();
        assertFalse(Files.exists(parts));
        open(KEY).write(0, List.of("{}"));
        Files.writeString(parts.resolve("part-of-my-diary.txt"), "dear diary");
        open(KEY).delete();
        assertEquals(List.of("part-of-my-diary.txt"), List.of(parts.toFile().list()));
    }

    @Test
    void theKeyChangesWithEveryFact() {
        assertEquals(JobKey.of("a", 1), JobKey.of("a", 1));
        assertNotEquals(JobKey.of("a", 1), JobKey.of("a", 2));
        assertNotEquals(JobKey.of("a", 1), JobKey.of("b", 1));
        assertEquals(16, JobKey.of("a").length());
    }

    private PartFiles open(String key) {
        return PartFiles.open(Storage.path(folder.resolve("S.jsonl").toString()), key);
    }
}
