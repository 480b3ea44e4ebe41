package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of an object store, on files of this machine: of these it only needs that one is made whole, once. */
class SegmentLogTest {
    @TempDir
    Path folder;

    private StoragePath file;

    @BeforeEach
    void name() {
        file = new LocalStorage(folder.resolve("events.jsonl"));
    }

    private String all() throws IOException {
        try (InputStream in = SegmentLog.stream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> objects() throws IOException {
        return file.beside(".segments").list();
    }

    @Test
    void aCommitIsOneObjectAndAllAreOneStream() throws IOException {
        assertFalse(SegmentLog.exists(file));
        try (SegmentLog log = SegmentLog.open(file)) {
            log.append("a\n");
            log.append("b\n");
            log.commit();
            log.commit(); // nothing is waiting
            log.append("c\n");
        }
        try (SegmentLog log = SegmentLog.open(file)) {
            log.append("d\n");
        }
        assertEquals("a\nb\nc\nd\n", all());
        assertEquals(
                List.of("000000001-000000001.jsonl", "000000002-000000002.jsonl", "000000003-000000003.jsonl"),
                objects());
    }

    @Test
    void whatWasNotCommittedIsLostWithTheProcess() throws IOException {
        SegmentLog killed = SegmentLog.open(file);
        killed.append("a\n");
        killed.commit();
        killed.append("b\n");
        assertEquals("a\n", all());
    }

    @Test
    void twoWritersAreFoundOutWhenTheSecondCommits() throws IOException {
        SegmentLog old = SegmentLog.open(file);
        SegmentLog young = SegmentLog.open(file);
        young.append("young\n");
        young.commit();
        old.append("old\n");
        String said = assertThrows(IOException.class, old::commit).getMessage();
        assertEquals(
                folder.resolve("events.jsonl.segments/000000001-000000001.jsonl")
                        + " exists already: another process writes this run",
                said);
        assertEquals("young\n", all());
    }

    @Test
    void twoHundredFiftySixCommitsBecomeOneObject() throws IOException {
        StringBuilder lines = new StringBuilder();
        try (SegmentLog log = SegmentLog.open(file)) {
            for (int i = 1; i <= 257; i++) {
                log.append(i + "\n");
                log.commit();
                lines.append(i).append('\n');
            }
        }
        assertEquals(lines.toString(), all());
        SegmentLog.open(file).close(); // deletes what is left over of the small ones
        assertEquals(List.of("000000001-000000256.jsonl", "000000257-000000257.jsonl"), objects());
        assertEquals(lines.toString(), all());
    }

    @Test
    void aReplacedLogCoversAllNumbersBefore() throws IOException {
        try (SegmentLog log = SegmentLog.open(file)) {
            log.append("a\nb\n");
        }
        SegmentLog.replace(file, List.of("a\n"));
        // a process that was killed before it had deleted the old object
        Files.writeString(folder.resolve("events.jsonl.segments/000000001-000000001.jsonl"), "a\nb\n");
        assertEquals("a\n", all());
        try (SegmentLog log = SegmentLog.open(file)) {
            log.append("c\n");
        }
        assertEquals("a\nc\n", all());
        assertEquals(List.of("000000001-000000002.jsonl", "000000003-000000003.jsonl"), objects());
    }

    @Test
    void whatCouldNotBeWrittenIsTriedAgainWithTheSameNumberAndACommittedLineIsTakenBack() throws IOException {
        StoragePath segments = file.beside(".segments");
        SegmentLog log = SegmentLog.open(file);
        log.append("a\n");
        segments.deleteTree(); // nothing can be written
        assertThrows(IOException.class, () -> log.appendCommitted("never\n"));
        segments.makeFolder();
        log.appendCommitted("b\n");
        log.close();
        assertEquals("a\nb\n", all());
        assertEquals(List.of("000000001-000000001.jsonl"), objects());
    }

    @Test
    void theSecondOfTwoWritersTakesNothingMore() throws IOException {
        SegmentLog old = SegmentLog.open(file);
        SegmentLog.open(file).appendCommitted("young\n");
        assertThrows(IOException.class, () -> old.appendCommitted("old\n"));
        assertThrows(IOException.class, () -> old.append("more\n"));
        old.close();
        assertEquals("young\n", all());
    }
}
