package io.tramontane.cluster.ledger;

import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.List;

/** Called by the ledger's thread after each of these events. Must be quick and must not call the ledger. */
public interface LedgerListener {
    /** The rewards of a training group came in, before anything was decided; some may be UNSCORED. */
    default void judged(Group group, List<RewardBreakdown> rewards) {}

    /** A training group has rewards; {@code kept} is false when it is dropped for having no signal. */
    default void scored(ScoredGroup group, boolean kept) {}

    /** An evaluation group (negative id) has rewards; some may be UNSCORED. */
    default void evaluated(Group group, List<RewardBreakdown> rewards) {}

    /** A group (negative: of an evaluation) is set aside, since it ended two tasks; {@code problem} is "" where it is not known. */
    default void poisoned(long group, String problem, Holder holder) {}

    /** A step that was made again has other weights than before, but it was computed in another way: nobody can tell more. */
    default void notCompared(int step) {}

    /** A batch was taken for the first time. */
    default void taken(io.tramontane.data.Batch batch) {}
}
