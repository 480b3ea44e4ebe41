package io.tramontane.model;

import io.tramontane.model.ranks.Collectives;

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
}
