package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.rollout.GroupRequest;
import java.util.List;

/** What the generator's role needs of {@link io.tramontane.rollout.Generator}; one thread owns it. */
public interface Sampler extends AutoCloseable {
    /** Queues a group. */
    void submit(GroupRequest request);

    /** A few tokens for every live sequence; returns the groups that finished. */
    List<Group> step();

    /** Groups that are not finished. */
    int live();

    /** Slots with nothing queued for them. */
    int freeSlots();

    /** New weights between two steps. */
    void swap(WeightSnapshot weights);

    /** Log-probabilities of {@code tokens[from..]}. */
    float[] score(int[] tokens, int from);

    @Override
    void close();
}
