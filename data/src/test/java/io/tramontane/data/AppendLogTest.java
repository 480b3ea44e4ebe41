package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendLogTest {
    @TempDir
    Path folder;

    private List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        AppendLog.read(
                new LocalStorage(file),
                line -> lines.add(line.number() + ":" + new String(line.bytes(), StandardCharsets.UTF_8)));
        return lines;
    }

    @Test
    void aTornLineIsNotReadAndCutOffWhenTheLogIsOpened() throws IOException {
        Path file = Files.writeString(folder.resolve("log.jsonl"), "a\n\nb\ntor");
        assertEquals(List.of("1:a", "2:", "3:b"), lines(file));
        try (AppendLog log = AppendLog.open(new LocalStorage(file))) {
            log.append("c\n");
            assertEquals("a\n\nb\nc\n", Files.readString(file), "a line has left the process before any commit");
        }
        assertEquals(List.of(), lines(folder.resolve("none.jsonl")));
    }

    @Test
    void aLineMayBeLongerThanAPieceAndATornOneTheWholeFile() throws IOException {
        String large = "x".repeat(200_000);
        Path file = Files.writeString(folder.resolve("log.jsonl"), large + "\n" + large);
        assertEquals(List.of("1:" + large), lines(file));
        AppendLog.open(new LocalStorage(file)).close();
        assertEquals(200_001, Files.size(file));
        Path torn = Files.writeString(folder.resolve("torn.jsonl"), large);
        AppendLog.open(new LocalStorage(torn)).close();
        assertEquals(0, Files.size(torn));
    }

    @Test
    void bytesInPiecesAreReadFromAnywhere() throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        ByteChunks chunks = new ByteChunks();
        for (int at = 0; at < bytes.length; at += 777) chunks.write(bytes, at, Math.min(777, bytes.length - at));
        assertEquals(100_000, chunks.size());
        assertArrayEquals(bytes, chunks.stream().readAllBytes());
        byte[] part = new byte[50_000];
        chunks.read(4_095, ByteBuffer.wrap(part));
        assertArrayEquals(Arrays.copyOfRange(bytes, 4_095, 54_095), part);
    }
}
