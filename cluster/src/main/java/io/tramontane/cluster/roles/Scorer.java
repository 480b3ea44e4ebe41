package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import java.util.List;

/** What the verifier's role needs of {@link io.tramontane.rewards.Verifiers}; safe for several threads. */
public interface Scorer extends AutoCloseable {
    /** One verdict per completion. */
    List<RewardBreakdown> score(Group group);

    /**
     * The same, telling that it goes on.
     *
     * @param moved is told now and then while there is progress, by any thread
     */
    default List<RewardBreakdown> score(Group group, Runnable moved) {
        return score(group);
    }

    @Override
    void close();
}
