package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import java.util.List;

/** {@link io.tramontane.rewards.Verifiers} as the verifier's role sees them: a group goes in. Safe for several threads. */
public interface GroupVerifier extends AutoCloseable {
    /**
     * Scores a group.
     *
     * @param step the training step that it was sampled for, whose numbers count; 0 outside training
     * @param progress is run now and then while there is progress, by any thread
     * @return one verdict per completion
     */
    List<RewardBreakdown> score(Group group, int step, Runnable progress);

    @Override
    void close();
}
