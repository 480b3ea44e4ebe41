package io.tramontane.cluster.ledger;

import io.tramontane.data.StoragePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What earlier drivers of this run wrote.
 *
 * @param nextGroup the first group that was never leased
 * @param unfinished groups that were leased, but neither trained nor dropped
 * @param waves sets of groups that were formed since the last batch, see {@link Waves}
 * @param recorded batches and steps with their digests
 * @param chain of all these events
 */
public record History(
        long nextGroup, List<Long> unfinished, List<List<Long>> waves, RecordedSteps recorded, Chain chain) {
    /** Reads the event file; no file is an empty history, and one that was changed is bad input. */
    public static History read(StoragePath eventsFile) {
        Builder builder = new Builder();
        return builder.build(EventReader.read(eventsFile, builder::add));
    }

    /** Digest of theta by step, the newest one where a step was made more than once. */
    public Map<Integer, String> steps() {
        return recorded.steps();
    }

    /** The last step that was made, 0 if none. */
    public int lastStep() {
        return recorded.lastStep();
    }

    /** Takes events in their order. */
    static final class Builder {
        private final TreeSet<Long> open = new TreeSet<>();
        private final List<List<Long>> waves = new ArrayList<>();
        private final RecordedSteps recorded = new RecordedSteps();
        private long next;

        void add(LedgerEvent event) {
            if (event instanceof LedgerEvent.Leased e) {
                open.add(e.group());
                next = Math.max(next, e.group() + 1);
            }
            if (event instanceof LedgerEvent.Formed e) waves.addAll(e.waves());
            if (event instanceof LedgerEvent.Dropped e) open.remove(e.group());
            if (event instanceof LedgerEvent.Batched e) {
                e.groups().forEach(open::remove);
                waves.clear();
                recorded.batched(e.step(), e.digest());
            }
            if (event instanceof LedgerEvent.Stepped e) recorded.made(e.step(), new MadeStep(e.digest(), e.numerics()));
        }

        History build(Chain chain) {
            return new History(next, new ArrayList<>(open), List.copyOf(waves), recorded, chain);
        }
    }
}
