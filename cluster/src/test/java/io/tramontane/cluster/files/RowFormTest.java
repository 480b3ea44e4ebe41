package io.tramontane.cluster.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.Columns.Column;
import io.tramontane.cluster.files.Columns.Kind;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines.Line;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowFormTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Columns COLUMNS = new Columns(List.of(
            Column.of("text", Kind.TEXT),
            Column.of("whole", Kind.WHOLE),
            Column.of("number", Kind.NUMBER).orNull(),
            Column.of("texts", Kind.LIST, Column.of("element", Kind.TEXT)),
            Column.of("map", Kind.MAP, Column.of("value", Kind.NUMBER)),
            Column.of(
                            "object",
                            Kind.OBJECT,
                            Column.of("a", Kind.TEXT),
                            Column.of("list", Kind.LIST, Column.of("element", Kind.WHOLE)))
                    .orNull()));

    @TempDir
    Path folder;

    /** One bit of the length of a text is seen only when the text is. */
    @Test
    void oneChangedBitOfAParquetFileIsReadOrRefused() throws IOException {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ObjectNode row = JSON.createObjectNode();
            row.put("text", "row " + i)
                    .put("whole", i)
                    .putArray("texts")
                    .add("a")
                    .add("b" + i);
            row.putObject("map").put("k" + i, 0.5);
            rows.add(row);
        }
        write("t.parquet", rows);
        byte[] sound = Files.readAllBytes(folder.resolve("t.parquet"));
        int refused = 0;
        for (int i = 150; i < 400; i++) { // texts are in them
            byte[] changed = sound.clone();
            changed[i] ^= 8;
            Files.write(folder.resolve("t.parquet"), changed);
            try {
                read(folder.resolve("t.parquet"));
            } catch (BadInputException e) {
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.jsonl", "t.jsonl.gz", "t.parquet", "t.arrow", "t.feather", "t.arrows"})
    void whatIsWrittenIsReadAgainInOrderAndBitForBit(String name) throws IOException {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) { // two and a half of Arrow's batches
            ObjectNode row = JSON.createObjectNode();
            row.put("text", "line\n" + i + " é \u4e2d \uD83D\uDE00");
            row.put("whole", i == 0 ? Long.MAX_VALUE : i);
            if (i % 3 != 0) row.put("number", Math.sqrt(i));
            row.putArray("texts");
            for (int j = 0; j < i % 4; j++) row.withArray("texts").add("t" + j);
            row.putObject("map");
            for (int j = 0; j < i % 3; j++) row.withObject("map").put("key " + j, j + 0.5);
            if (i % 5 != 0) row.putObject("object").put("a", "a" + i).putArray("list");
            if (i % 5 > 1)
                row.withObject("object").withArray("list").add((long) i).add(-1L);
            rows.add(row);
        }
        write(name, rows);
        List<Line> read = read(folder.resolve(name));
        assertEquals(rows.size(), read.size());
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(rows.get(i).toString(), read.get(i).object().toString());
            assertEquals(folder.resolve(name) + ":" + (i + 1), read.get(i).where());
        }
    }

    @Test
    void nobodySeesAFileThatIsNotCommitted() throws IOException {
        for (String name : List.of("t.jsonl", "t.parquet", "t.arrow")) {
            StoragePath place = Storage.path(folder.resolve(name).toString());
            try (AtomicRows rows = AtomicRows.create(place, place.unfinished(), COLUMNS)) {
                rows.add(row(1));
                assertFalse(Files.exists(folder.resolve(name)));
            }
        }
        assertEquals(0, folder.toFile().list().length);
    }

    @Test
    void aDamagedFileIsTheUsersMistakeInOneLine() throws IOException {
        for (String name : List.of("t.parquet", "t.arrow", "t.arrows")) {
            Path file = folder.resolve(name);
            Files.writeString(file, "{\"text\":\"these are JSON lines under a wrong name\"}\n");
            complains(file);
            write(name, List.of(row(1), row(2)));
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 3));
            complains(file);
            Files.write(file, new byte[0]);
            complains(file);
        }
        assertEquals(
                folder.resolve("none.parquet") + ": no such file",
                assertThrows(BadInputException.class, () -> read(folder.resolve("none.parquet")))
                        .getMessage());
    }

    private void complains(Path file) {
        String message = assertThrows(BadInputException.class, () -> read(file)).getMessage();
        assertTrue(message.startsWith(file.toString()) && message.lines().count() == 1, message);
    }

    private static ObjectNode row(int i) {
        ObjectNode row = JSON.createObjectNode().put("text", "t" + i).put("whole", i);
        row.putArray("texts");
        row.putObject("map");
        return row;
    }

    private void write(String name, List<ObjectNode> rows) {
        StoragePath place = Storage.path(folder.resolve(name).toString());
        try (AtomicRows file = AtomicRows.create(place, place.unfinished(), COLUMNS)) {
            rows.forEach(file::add);
            file.commit();
        }
    }

    private static List<Line> read(Path file) {
        try (Rows rows = RowForm.read(Storage.path(file.toString()))) {
            List<Line> all = new ArrayList<>();
            rows.forEachRemaining(all::add);
            return all;
        }
    }
}
