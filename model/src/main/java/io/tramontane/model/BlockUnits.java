package io.tramontane.model;

import java.util.List;

/**
 * Lengths of the units that ranks divide with {@link Shard#FULL}, zeros behind them included.
 *
 * @param all in the order of the forward pass
 * @param partition of theta
 */
record BlockUnits(List<Block> all, Partition partition) {
    BlockUnits(PolicyConfig config, int ranks) {
        this(Block.of(config), Partition.ofBlocks(0, ranks, config));
    }

    int blocks() {
        return all.size();
    }

    /** What a rank has of all units. */
    long own() {
        return partition.length();
    }

    /** All that a block reads. */
    long of(int block) {
        return all.get(block).reads().stream().mapToLong(this::padded).sum();
    }

    long embedding() {
        return of(0);
    }

    /** The norm before the head. */
    long lastNorm() {
        return padded(all.get(all.size() - 1).reads().get(0));
    }

    /** Without the norm before it. */
    long head() {
        return padded(all.get(all.size() - 1).reads().get(1));
    }

    long largestHalf() {
        long most = 0;
        for (int block = 1; block < all.size() - 1; block++) most = Math.max(most, of(block));
        return most;
    }

    /** The halves of all layers. */
    long layers() {
        long sum = 0;
        for (int block = 1; block < all.size() - 1; block++) sum += of(block);
        return sum;
    }

    private long padded(VectorRange range) {
        return partition.padded(partition.units().indexOf(range));
    }
}
