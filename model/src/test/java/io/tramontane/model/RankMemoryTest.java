package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RankMemoryTest {
    /** Embedding 40, attention 52, feed-forward 76, last norm 4: 172 numbers. */
    private static final PolicyConfig TIED = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, true, 0);

    private static final PolicyConfig UNTIED = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, false, 0);

    @Test
    void oneRankHasAllWhateverItWouldDivide() {
        RankMemory all = new RankMemory(172, 172, 344, 0, 0);
        for (Shard shard : Shard.values()) assertEquals(all, RankMemory.of(TIED, shard, 1));
        assertEquals(688, all.numbers());
    }

    @Test
    void momentsAreDividedInPiecesOfSixteenNumbers() {
        // 172 / 2 = 86, rounded up to 96; what ranks exchange has both pieces
        assertEquals(new RankMemory(172, 192, 344, 0, 0), RankMemory.of(TIED, Shard.NONE, 2));
        assertEquals(new RankMemory(192, 192, 192, 0, 0), RankMemory.of(TIED, Shard.OPTIMIZER, 2));
    }

    /** Pieces 32, 32, 48 and 16; padded 64, 64, 96 and 32. */
    @Test
    void aRankOfFullShardsHasItsPiecesTwoBlocksAndThreeRooms() {
        // the last half layer with the norm and the head: 96 + 32 + 64; the embedding's room and two of a half layer
        assertEquals(new RankMemory(128, 128, 256, 192, 64 + 2 * 96), RankMemory.of(TIED, Shard.FULL, 2));
        // a head of its own is one piece of 32 more
        assertEquals(new RankMemory(160, 160, 320, 192, 64 + 2 * 96), RankMemory.of(UNTIED, Shard.FULL, 2));
    }

    @Test
    void aRankOfFullShardsHoldsWhatItsVectorHas() {
        for (int ranks = 2; ranks < 5; ranks++)
            assertEquals(
                    Partition.ofBlocks(0, ranks, UNTIED).length(),
                    RankMemory.of(UNTIED, Shard.FULL, ranks).weights());
    }

    @Test
    void aPassInBfloat16ConvertsAHalfLayer() {
        assertEquals(76, RankMemory.converted(TIED));
    }

    @Test
    void anUpdateSumsTheGradientOrDividesIt() {
        assertEquals(new RankTraffic(192, 0, 0), RankTraffic.ofUpdate(172, Shard.NONE, 2));
        assertEquals(new RankTraffic(0, 192, 192), RankTraffic.ofUpdate(172, Shard.OPTIMIZER, 2));
        assertEquals(new RankTraffic(0, 0, 0), RankTraffic.ofUpdate(172, Shard.FULL, 2));
        assertEquals(new RankTraffic(0, 0, 0), RankTraffic.ofUpdate(172, Shard.NONE, 1));
    }

    @Test
    void aPassGathersLayersTwiceAndSumsAllOnce() {
        RankTraffic pass = RankTraffic.ofPass(UNTIED, 1, 2);
        assertEquals(new RankTraffic(0, 64 + 160 + 32 + 64, 64 + 2 * 160 + 2 * 32 + 64), pass);
        assertEquals(pass.gathered() + 64, RankTraffic.ofPass(UNTIED, 2, 2).gathered());
        assertEquals(new RankTraffic(0, 0, 64 + 160 + 32 + 64), RankTraffic.ofForward(UNTIED, 2));
    }
}
