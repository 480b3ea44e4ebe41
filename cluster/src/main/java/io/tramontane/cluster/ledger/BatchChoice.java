package io.tramontane.cluster.ledger;

import java.util.List;

/**
 * Which groups the next batch gets: those that are due first, if the others can still be in time without them. {@code batches}
 * is how many are taken. Only the ledger's thread touches it.
 */
final class BatchChoice {
    private final BatchSizes sizes;
    private final Admission admission;
    private final OpenGroups open;

    BatchChoice(LedgerConfig config, OpenGroups open) {
        this.sizes = config.sizes();
        this.admission = new Admission(config.sizes(), config.maxLag());
        this.open = open;
    }

    /** Groups in the next batch. */
    int wanted(int batches) {
        return sizes.at(batches + 1);
    }

    /** Whether there can be a batch now. */
    boolean isPossible(int batches) {
        StageGroups groups = stage(batches);
        return groups.hasReady(wanted(batches))
                && admission.holds(sizes.stageOf(batches + 1), groups.withoutFirst(wanted(batches)), batches + 1);
    }

    /** Its groups; none while there can be no batch. */
    List<OpenGroup> choose(int batches) {
        if (!isPossible(batches)) return List.of();
        return stage(batches).firstReady(wanted(batches)).stream()
                .map(open::get)
                .toList();
    }

    /** True while a complete batch and half of another wait. */
    boolean isPlenty(int batches) {
        return 2 * open.count(OpenGroup.Place.READY) >= 3 * wanted(batches) && isPossible(batches);
    }

    private StageGroups stage(int batches) {
        return open.stage(sizes.stageOf(batches + 1));
    }
}
