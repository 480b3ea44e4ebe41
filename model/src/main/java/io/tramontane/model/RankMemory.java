package io.tramontane.model;

/**
 * How many numbers a trainer rank allocates where all weights are trained, whatever it trains on. For plans.
 *
 * @param weights of theta
 * @param gradient what passes add to
 * @param moments both of AdamW's; all others are float32
 * @param gathered of {@link ShardedTraining}: what a block computes with, and what the next one will
 * @param rooms of {@link ShardedTraining}: gradients of whole units on their way to the ranks
 */
public record RankMemory(long weights, long gradient, long moments, long gathered, long rooms) {
    /** Of one of some ranks: all have the same. */
    public static RankMemory of(PolicyConfig config, Shard shard, int ranks) {
        long all = config.parameters();
        if (ranks == 1) return new RankMemory(all, all, 2 * all, 0, 0);
        Partition whole = Partition.whole(0, ranks, all);
        return switch (shard) {
            case NONE -> new RankMemory(all, whole.padded(0), 2 * all, 0, 0);
            case OPTIMIZER -> new RankMemory(whole.padded(0), whole.padded(0), 2 * whole.length(), 0, 0);
            case FULL -> full(config, ranks);
        };
    }

    private static RankMemory full(PolicyConfig config, int ranks) {
        BlockUnits units = new BlockUnits(config, ranks);
        long own = units.own();
        long gathered = 0;
        for (int block = 1; block < units.blocks(); block++)
            gathered = Math.max(gathered, units.of(block - 1) + units.of(block));
        long half = units.largestHalf();
        long outer = Math.max(units.embedding(), units.head());
        return new RankMemory(own, own, 2 * own, gathered, outer + 2 * half);
    }

    /** Numbers of the largest half layer, which a pass in bfloat16 converts before it computes with it. */
    public static long converted(PolicyConfig config) {
        return Block.of(config).stream()
                .filter(block -> block.part() == Block.Part.ATTENTION || block.part() == Block.Part.FEED_FORWARD)
                .mapToLong(block -> block.reads().get(0).length())
                .max()
                .orElse(0);
    }

    /** All of it. */
    public long numbers() {
        return weights + gradient + moments + gathered + rooms;
    }
}
