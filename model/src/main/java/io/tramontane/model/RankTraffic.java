package io.tramontane.model;

/**
 * How many float32 numbers pass through the collectives of trainer ranks; of each, a rank sends (N - 1) / N. For plans.
 *
 * @param allReduced become their sum on every rank, which sends them twice
 * @param reduced are summed, each on one rank
 * @param gathered come to every rank from the one that has them
 */
public record RankTraffic(long allReduced, long reduced, long gathered) {
    /** Of an optimizer step, where ranks have all weights while they compute. */
    public static RankTraffic ofUpdate(long trained, Shard shard, int ranks) {
        if (ranks == 1 || shard == Shard.FULL) return new RankTraffic(0, 0, 0);
        long padded = Partition.whole(0, ranks, trained).padded(0);
        return shard == Shard.NONE ? new RankTraffic(padded, 0, 0) : new RankTraffic(0, padded, padded);
    }

    /**
     * Of a pass forward and back with {@link Shard#FULL}: every half layer is gathered both ways, the embedding on the way
     * forward, the head for each of its sweeps. A tied head is gathered and summed as well as the embedding.
     *
     * @param sweeps of the head: 2 where a loss needs whole sequences
     */
    public static RankTraffic ofPass(PolicyConfig config, int sweeps, int ranks) {
        BlockUnits units = new BlockUnits(config, ranks);
        return new RankTraffic(
                0,
                units.embedding() + units.layers() + units.lastNorm() + units.head(),
                units.embedding() + 2 * units.layers() + 2 * units.lastNorm() + sweeps * units.head());
    }

    /** Of a pass forward alone with {@link Shard#FULL}. */
    public static RankTraffic ofForward(PolicyConfig config, int ranks) {
        BlockUnits units = new BlockUnits(config, ranks);
        return new RankTraffic(0, 0, units.embedding() + units.layers() + units.lastNorm() + units.head());
    }

    /** So many of them. */
    public RankTraffic times(long count) {
        return new RankTraffic(count * allReduced, count * reduced, count * gathered);
    }

    /** Both. */
    public RankTraffic and(RankTraffic other) {
        return new RankTraffic(allReduced + other.allReduced, reduced + other.reduced, gathered + other.gathered);
    }
}
