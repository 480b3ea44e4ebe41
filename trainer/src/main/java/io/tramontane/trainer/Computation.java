package io.tramontane.trainer;

import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Numerics;
import io.tramontane.model.Sharding;
import io.tramontane.model.ranks.Collectives;

/**
 * How and where a trainer computes log-probabilities, and with whom.
 *
 * @param temperature that of sampling
 * @param numerics that of sampling
 * @param device of the policy and of a reference policy
 * @param ranks of which the trainer is one: all of them call the same methods. As many as have saved a checkpoint, or more, or fewer
 */
public record Computation(double temperature, Numerics numerics, ComputeDevice device, Collectives ranks) {
    /** Of a trainer that is alone. */
    public Computation(double temperature, Numerics numerics, ComputeDevice device) {
        this(temperature, numerics, device, Collectives.ALONE);
    }

    /** What the ranks divide. */
    Sharding sharding(TrainerConfig config) {
        return new Sharding(config.shard(), ranks);
    }
}
