package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layout is chosen from which times, and that all processes of a machine choose the same. */
class LayoutChoiceTest {
    @TempDir
    private Path folder;

    /** At 1, 2, 3, 4, 8, 32 and 128 rows. */
    private static LayoutTimes times(List<Long> plain, List<Long> columns, List<Long> blocks) {
        return new LayoutTimes(Map.of(Layout.PLAIN, plain, Layout.COLUMNS, columns, Layout.BLOCKS, blocks));
    }

    /** Blocks win from two rows on. */
    private static final LayoutTimes BLOCKS_WIN = times(
            List.of(100L, 180L, 200L, 220L, 300L, 500L, 900L),
            List.of(98L, 190L, 260L, 280L, 300L, 500L, 900L),
            List.of(95L, 100L, 110L, 120L, 150L, 300L, 880L));

    @Test
    void withoutTimesOneSlotHasColumnsTwoHaveNoCopyAndMoreHaveBlocksFromThreeRowsOn() {
        assertEquals(Layout.COLUMNS, LayoutChoice.of(1, Optional.empty()).copy());
        assertTrue(LayoutChoice.of(1, Optional.empty()).takesCopy(1));
        assertEquals(Layout.PLAIN, LayoutChoice.of(2, Optional.empty()).copy());
        LayoutChoice many = LayoutChoice.of(32, Optional.empty());
        assertEquals(Layout.BLOCKS, many.copy());
        assertFalse(many.takesCopy(1));
        assertFalse(many.takesCopy(2));
        assertTrue(many.takesCopy(3));
        assertTrue(many.takesCopy(128));
        assertFalse(many.takesCopy(129));
    }

    @Test
    void twoSlotsHaveBlocksWhereTheseAreMeasuredToBeFaster() {
        LayoutChoice two = LayoutChoice.of(2, Optional.of(BLOCKS_WIN));
        assertEquals(Layout.BLOCKS, two.copy());
        assertFalse(two.takesCopy(1)); // 95 is not a tenth less than 100
        assertTrue(two.takesCopy(2));
    }

    @Test
    void lessThanATenthChangesNothing() {
        LayoutTimes near = times(
                List.of(100L, 100L, 100L, 100L, 100L, 100L, 100L),
                List.of(100L, 100L, 100L, 100L, 100L, 100L, 100L),
                List.of(95L, 95L, 105L, 105L, 105L, 105L, 105L));
        assertEquals(Layout.COLUMNS, LayoutChoice.of(1, Optional.of(near)).copy());
        assertEquals(Layout.PLAIN, LayoutChoice.of(2, Optional.of(near)).copy());
        assertTrue(LayoutChoice.of(32, Optional.of(near)).takesCopy(3));
    }

    @Test
    void oneSlotHasBlocksWhereTheyReadFasterThanColumnsAndNothingWherePlainRowsDo() {
        LayoutTimes blocks = times(
                List.of(100L, 1L, 1L, 1L, 1L, 1L, 1L),
                List.of(90L, 1L, 1L, 1L, 1L, 1L, 1L),
                List.of(80L, 1L, 1L, 1L, 1L, 1L, 1L));
        assertEquals(Layout.BLOCKS, LayoutChoice.of(1, Optional.of(blocks)).copy());
        LayoutTimes plain = times(
                List.of(80L, 1L, 1L, 1L, 1L, 1L, 1L),
                List.of(90L, 1L, 1L, 1L, 1L, 1L, 1L),
                List.of(100L, 1L, 1L, 1L, 1L, 1L, 1L));
        assertEquals(Layout.PLAIN, LayoutChoice.of(1, Optional.of(plain)).copy());
    }

    @Test
    void aNumberOfRowsGoesByTheNextSmallerOneThatWasTimed() {
        assertEquals(0, LayoutTimes.point(1));
        assertEquals(3, LayoutTimes.point(7));
        assertEquals(4, LayoutTimes.point(8));
        assertEquals(6, LayoutTimes.point(1000));
    }

    @Test
    void whatTheFirstProcessMeasuredIsWhatAllOthersRead() throws Exception {
        Optional<LayoutTimes> first = new LayoutFile(folder, "Some(R) CPU 2.7.1").timesOr(() -> BLOCKS_WIN);
        Optional<LayoutTimes> second = new LayoutFile(folder, "Some(R) CPU 2.7.1").timesOr(() -> {
            throw new AssertionError("measured again");
        });
        assertEquals(Optional.of(BLOCKS_WIN), first);
        assertEquals(first, second);
        assertEquals(
                List.of("Some-R-CPU-2.7.1.txt"),
                Files.list(folder).map(file -> file.getFileName().toString()).toList());
    }

    @Test
    void ofTwoThatMeasureAtTheSameTimeTheOneThatEndsFirstCounts() {
        LayoutTimes other = times(
                BLOCKS_WIN.nanos().get(Layout.BLOCKS),
                BLOCKS_WIN.nanos().get(Layout.COLUMNS),
                BLOCKS_WIN.nanos().get(Layout.PLAIN));
        Optional<LayoutTimes> slower = new LayoutFile(folder, "cpu").timesOr(() -> {
            assertEquals(Optional.of(BLOCKS_WIN), new LayoutFile(folder, "cpu").timesOr(() -> BLOCKS_WIN));
            return other;
        });
        assertEquals(Optional.of(BLOCKS_WIN), slower);
    }

    @Test
    void whereNoFileCanBeMadeOrReadThereAreNoTimes() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(Optional.empty(), new LayoutFile(file, "cpu").timesOr(() -> {
                    throw new AssertionError("measured");
                }));
        Files.writeString(folder.resolve("cpu.txt"), "PLAIN 1 2\n");
        assertEquals(Optional.empty(), new LayoutFile(folder, "cpu").timesOr(() -> BLOCKS_WIN));
        assertThrows(IllegalArgumentException.class, () -> LayoutTimes.of("PLAIN 1 2\n"));
    }
}
