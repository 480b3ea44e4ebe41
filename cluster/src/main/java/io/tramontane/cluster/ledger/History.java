package io.tramontane.cluster.ledger;

import io.tramontane.data.StoragePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What earlier drivers of this run wrote.
 *
 * @param nextGroup the first group that was never leased
 * @param unfinished groups that were leased, but neither trained nor dropped
 * @param waves sets of groups that were formed since the last batch, see {@link Waves}
 * @param batches digest of the recorded batch by step
 * @param made the steps that were made, the newest time where one was made more than once
 * @param chain of all these events
 */
public record History(
        long nextGroup,
        List<Long> unfinished,
        List<List<Long>> waves,
        Map<Integer, String> batches,
        Map<Integer, MadeStep> made,
        Chain chain) {
    /** Reads the event file; no file is an empty history, and one that was changed is bad input. */
    public static History read(StoragePath eventsFile) {
        Builder builder = new Builder();
        return builder.build(EventReader.read(eventsFile, builder::add));
    }

    /** Digest of theta by step, the newest one where a step was made more than once. */
    public Map<Integer, String> steps() {
        Map<Integer, String> digests = new TreeMap<>();
        made.forEach((step, one) -> digests.put(step, one.digest()));
        return digests;
    }

    /** The last step that was made, 0 if none. */
    public int lastStep() {
        return made.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Takes events in their order. */
    static final class Builder {
        private final TreeSet<Long> open = new TreeSet<>();
        private final List<List<Long>> waves = new ArrayList<>();
        private final Map<Integer, String> batches = new TreeMap<>();
        private final Map<Integer, MadeStep> made = new TreeMap<>();
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
                batches.put(e.step(), e.digest());
            }
            if (event instanceof LedgerEvent.Stepped e) made.put(e.step(), new MadeStep(e.digest(), e.numerics()));
        }

        History build(Chain chain) {
            return new History(next, new ArrayList<>(open), List.copyOf(waves), batches, made, chain);
        }
    }
}
