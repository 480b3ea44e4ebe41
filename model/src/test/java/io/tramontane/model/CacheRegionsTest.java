package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.model.CacheRegions.Move;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CacheRegionsTest {
    @Test
    void regionsDoubleUpToTheLongestSequence() {
        CacheRegions regions = CacheRegions.shared(4, 500, 1000);
        assertEquals(64, regions.capacityFor(1));
        assertEquals(64, regions.capacityFor(64));
        assertEquals(128, regions.capacityFor(65));
        assertEquals(256, regions.capacityFor(256));
        assertEquals(500, regions.capacityFor(257));
        assertEquals(500, regions.capacityFor(500));
        assertThrows(IllegalArgumentException.class, () -> regions.capacityFor(501));
        assertEquals(30, CacheRegions.shared(4, 30, 100).capacityFor(1));
    }

    @Test
    void fixedRegionsLieBesideEachOtherForGood() {
        CacheRegions regions = CacheRegions.fixed(3, 100);
        assertEquals(300, regions.size());
        assertEquals(200, regions.first(2));
        assertTrue(regions.fits(1, 100));
        assertEquals(List.of(), regions.reserve(1, 100));
        regions.release(1);
        assertEquals(100, regions.capacity(1));
        assertFalse(regions.hand(1, 0));
    }

    @Test
    void aGrowingRegionGoesToTheShortestGapThatIsLongEnough() {
        CacheRegions regions = CacheRegions.shared(4, 500, 600);
        for (int slot = 0; slot < 4; slot++) assertEquals(List.of(), regions.reserve(slot, 60));
        assertEquals(192, regions.first(3));
        assertEquals(344, regions.free()); // 600 - 4 x 64
        regions.release(1);
        regions.release(2); // a gap of 128 from 64 on, the other one is of 344 from 256 on
        assertEquals(List.of(new Move(192, 64, 64, 128)), regions.reserve(3, 65));
        assertEquals(List.of(), regions.reserve(3, 128));
        assertEquals(408, regions.free());
        assertEquals(List.of(), regions.reserve(2, 256));
        assertEquals(192, regions.first(2));
    }

    @Test
    void aRegionMayGrowWhereItLies() {
        CacheRegions regions = CacheRegions.shared(1, 500, 500);
        regions.reserve(0, 10);
        assertEquals(List.of(new Move(0, 64, 0, 500)), regions.reserve(0, 300));
        assertEquals(0, regions.free());
    }

    @Test
    void onlyTheNumberOfFreePositionsDecidesWhatFits() {
        CacheRegions regions = CacheRegions.shared(5, 256, 320);
        for (int slot = 0; slot < 5; slot++) regions.reserve(slot, 64);
        regions.release(0);
        regions.release(2);
        assertFalse(regions.fits(3, 129)); // 256 of 64 + 128
        assertTrue(regions.fits(3, 128)); // 128 of 64 + 128, in two gaps
        // 3 lay at 192 and borders on no gap but the one before it: 64 + 64
        assertEquals(List.of(new Move(192, 64, 128, 128)), regions.reserve(3, 100));
        regions.release(1);
        // free are 0 to 128; 4 at 256, 3 at 128
        assertEquals(List.of(new Move(256, 64, 0, 128)), regions.reserve(4, 100));
        regions.reserve(0, 10);
        assertEquals(256, regions.first(0));
        regions.release(4);
        regions.reserve(1, 64); // at 0; free are 64 to 128
        regions.release(0); // and 256 to 320
        // no gap of 128: packed, the longest first
        assertEquals(List.of(new Move(0, 64, 256, 64)), regions.reserve(2, 128));
        assertEquals(0, regions.first(2));
        assertEquals(128, regions.first(3));
        assertFalse(regions.fits(0, 1));
    }

    @Test
    void slotsAreRenumberedAsTheyLie() {
        CacheRegions regions = CacheRegions.shared(4, 256, 1000);
        regions.reserve(2, 64);
        regions.reserve(0, 64);
        regions.reserve(1, 65);
        assertArrayEquals(new int[] {2, 0, 1}, regions.arrange(3));
        assertArrayEquals(new long[] {0, 64, 128}, new long[] {regions.first(0), regions.first(1), regions.first(2)});
        assertTrue(regions.continues(1));
        assertFalse(regions.continues(2)); // it is longer
        assertTrue(regions.hand(2, 3));
        assertEquals(0, regions.capacity(2));
        assertEquals(128, regions.first(3));
    }

    @Test
    void lessThanOneLongestSequenceIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CacheRegions.shared(4, 256, 255));
        CacheRegions regions = CacheRegions.shared(2, 256, 256);
        regions.reserve(0, 256);
        assertThrows(IllegalStateException.class, () -> regions.reserve(1, 1));
    }

    /** The numbers that slots wrote are where the moves have brought them, whatever is reserved and released. */
    @Test
    void movesKeepWhatEachSlotHolds() {
        Random random = new Random(1);
        CacheRegions regions = CacheRegions.shared(8, 500, 1100);
        int[] memory = new int[1100];
        int[] held = new int[8]; // positions of each slot
        for (int round = 1; round < 3000; round++) {
            int slot = random.nextInt(8);
            int count = Math.min(500, held[slot] + 1 + random.nextInt(100));
            if (random.nextInt(6) == 0 || !regions.fits(slot, count)) {
                regions.release(slot);
                held[slot] = 0;
                continue;
            }
            int[] before = memory.clone();
            for (Move move : regions.reserve(slot, count)) {
                int length = Math.min(move.fromCapacity(), move.toCapacity());
                System.arraycopy(before, (int) move.from(), memory, (int) move.to(), length);
            }
            Arrays.fill(memory, (int) regions.first(slot), (int) regions.first(slot) + count, slot + 1);
            held[slot] = count;
            for (int each = 0; each < 8; each++)
                for (int position = 0; position < held[each]; position++)
                    assertEquals(each + 1, memory[(int) regions.first(each) + position]);
        }
    }
}
