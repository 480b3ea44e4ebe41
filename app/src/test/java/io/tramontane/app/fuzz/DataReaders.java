package io.tramontane.app.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicRows;
import io.tramontane.cluster.files.Columns;
import io.tramontane.cluster.files.Columns.Column;
import io.tramontane.cluster.files.Columns.Kind;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Data files in each form of rows, compressed ones too. */
final class DataReaders {
    private static final Columns COLUMNS = new Columns(List.of(
            Column.of("text", Kind.TEXT),
            Column.of("whole", Kind.WHOLE),
            Column.of("number", Kind.NUMBER).orNull(),
            Column.of("texts", Kind.LIST, Column.of("element", Kind.TEXT)),
            Column.of("map", Kind.MAP, Column.of("value", Kind.NUMBER)),
            Column.of("object", Kind.OBJECT, Column.of("a", Kind.TEXT)).orNull()));

    private final Path scratch;

    /** With a folder for files to be read; is written over. */
    DataReaders(Path scratch) {
        this.scratch = scratch;
    }

    List<Target> all() throws IOException {
        List<Target> targets = new ArrayList<>();
        for (String name : List.of("rows.parquet", "rows.arrow", "rows.arrows", "rows.jsonl.gz")) {
            LocalStorage place = new LocalStorage(scratch.resolve(name));
            byte[] sample = sample(place);
            targets.add(new Target(
                    "data " + name,
                    List.of(sample),
                    input -> {
                        Files.write(place.local(), input);
                        read(place);
                    },
                    Set.of(BadInputException.class)));
        }
        return targets;
    }

    private static byte[] sample(LocalStorage place) throws IOException {
        try (AtomicRows rows = AtomicRows.create(place, place.beside(".new"), COLUMNS)) {
            for (int i = 0; i < 5; i++) {
                ObjectNode row = JsonReading.mapper().createObjectNode();
                row.put("text", "row " + i + " \u4e2d").put("whole", i);
                if (i != 1) row.put("number", i / 2.0);
                row.putArray("texts").add("a").add("b" + i);
                row.putObject("map").put("k" + i, 0.5);
                if (i > 1) row.putObject("object").put("a", "x");
                rows.add(row);
            }
            rows.commit();
        }
        return Files.readAllBytes(place.local());
    }

    private static void read(LocalStorage place) {
        try (Rows rows = RowForm.read(place)) {
            while (rows.hasNext()) rows.next();
        }
    }
}
