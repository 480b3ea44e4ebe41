package io.tramontane.rollout;

import io.tramontane.data.Group;
import io.tramontane.model.WeightSnapshot;
import java.util.List;

/** What a role needs of a {@link Generator}, so that a test can watch it or script another. One thread owns it. */
public interface GroupGenerator extends AutoCloseable {
    /** Queues a group. */
    void submit(GroupRequest request);

    /** A few tokens for every live sequence; returns the groups that finished. */
    List<Group> step();

    /** What was sampled of the groups that are not finished; completions that have not started have no tokens. */
    List<Group> begun();

    /** Groups that are not finished. */
    int live();

    /** Slots with nothing queued for them. */
    int freeSlots();

    /** New weights between two steps; perhaps used later, when the live sequences are finished. */
    void swap(WeightSnapshot weights);

    /** Version of the weights in use. */
    int version();

    /** Log-probabilities of {@code tokens[from..]}. */
    float[] score(int[] tokens, int from);

    @Override
    void close();
}
