package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import java.util.List;

/** What the verifier's role needs of {@link io.tramontane.rewards.Verifiers}; safe for several threads. */
public interface Scorer extends AutoCloseable {
    /** One verdict per completion. */
    List<RewardBreakdown> score(Group group);

    @Override
    void close();
}
