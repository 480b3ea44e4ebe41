package io.tramontane.trainer;

import io.tramontane.model.Policy;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a checkpoint has of a policy in training. Moments are written from where they lie; a reference policy is copied when it
 * is asked for.
 *
 * @param version training steps done
 * @param trained what of the policy is trained
 * @param optimizer has the moments and counts the updates
 * @param served a copy of the weights that this rank serves
 * @param referred a copy of the weights of the policy that a KL is taken to, where there is one
 */
record CheckpointParts(
        int version,
        Adapters trained,
        Optimizer optimizer,
        Supplier<WeightSnapshot> served,
        Supplier<Optional<WeightSnapshot>> referred) {
    /** The weights are copied for the checkpoint, and there is no reference policy. */
    static CheckpointParts of(int version, Adapters trained, Optimizer optimizer) {
        Policy policy = trained.policy();
        return new CheckpointParts(version, trained, optimizer, () -> policy.snapshot(version), Optional::empty);
    }

    WeightSnapshot weights() {
        return served.get();
    }

    /** Of all weights; all ranks call it. */
    String digest() {
        return trained.policy().digest();
    }

    VectorSource first() {
        return optimizer.first();
    }

    VectorSource second() {
        return optimizer.second();
    }

    long updates() {
        return optimizer.updates();
    }

    /** Empty where all weights are trained. */
    Optional<Adapters.Saved> adapters() {
        return trained.saved(version);
    }

    /** Empty where the objective has none. */
    Optional<WeightSnapshot> reference() {
        return referred.get();
    }
}
