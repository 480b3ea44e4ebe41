package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    private static final Clock AT_1000 = Clock.fixed(Instant.ofEpochSecond(1000, 500_000_000), ZoneOffset.UTC);

    /** These bytes were read back with TensorBoard 2.21.0's own reader, which checks both CRCs of every frame. */
    private static final String GOLDEN =
            "1800000000000000a37f4b22090000000000448f401a0d627261696e2e4576656e743a32aba33345"
                    + "2300000000000000b09f7743090000000000448f4010ac022a150a130a0c747261696e2f726577617264150000403f2500f99e"
                    + "0f000000000000006d532b09090000000000448f4010293a0208014c0812f1";

    @TempDir
    Path temp;

    @Test
    void theBytesAreThoseThatTensorBoardRead() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EventFile events = new EventFile(out, AT_1000)) {
            events.scalars(Instant.EPOCH, 300, Map.of("train/reward", 0.75));
            events.restartAt(41);
        }
        assertEquals(GOLDEN, HexFormat.of().formatHex(out.toByteArray()));
    }

    @Test
    void aSecondFileInTheSameSecondSortsAfterTheFirst() throws IOException {
        EventFile.in(temp, AT_1000).close();
        EventFile.in(temp, AT_1000).close();
        try (Stream<Path> files = Files.list(temp)) {
            assertEquals(
                    List.of(
                            "events.out.tfevents.0000001000.tramontane.0000",
                            "events.out.tfevents.0000001000.tramontane.0001"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }
}
