package io.tramontane.model;

import io.tramontane.model.ranks.Collectives;
import java.util.List;

/**
 * What this process holds of a policy that several train together.
 *
 * @param shard what they divide; of no account with one rank
 * @param ranks that train it
 */
public record Sharding(Shard shard, Collectives ranks) {
    /** One rank has all. */
    public static final Sharding ALONE = new Sharding(Shard.NONE, Collectives.ALONE);

    boolean alone() {
        return ranks.count() == 1;
    }

    /** Whether every rank holds all weights. */
    public boolean hasAllWeights() {
        return alone() || shard != Shard.FULL;
    }

    /** The ranges of theta that this process holds. */
    public List<VectorRange> weights(PolicyConfig config) {
        return hasAllWeights() ? all(config) : updated(config);
    }

    /** The ranges of theta that this process updates: it has moments of them. */
    public List<VectorRange> updated(PolicyConfig config) {
        if (alone() || shard == Shard.NONE) return all(config);
        return (shard == Shard.OPTIMIZER
                        ? Partition.whole(ranks.rank(), ranks.count(), config.parameters())
                        : Partition.ofBlocks(ranks.rank(), ranks.count(), config))
                .held();
    }

    private static List<VectorRange> all(PolicyConfig config) {
        return List.of(new VectorRange(0, config.parameters()));
    }
}
