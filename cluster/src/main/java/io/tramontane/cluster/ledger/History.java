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
 * @param steps digest of theta by step, the newest one where a step was made more than once
 */
public record History(
        long nextGroup,
        List<Long> unfinished,
        List<List<Long>> waves,
        Map<Integer, String> batches,
        Map<Integer, String> steps) {
    /** Reads the event file; no file is an empty history. */
    public static History read(StoragePath eventsFile) {
        long next = 0;
        TreeSet<Long> open = new TreeSet<>();
        List<List<Long>> waves = new ArrayList<>();
        Map<Integer, String> batches = new TreeMap<>();
        Map<Integer, String> steps = new TreeMap<>();
        List<LedgerEvent> events = EventLog.read(eventsFile);
        for (LedgerEvent event : events) {
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
            if (event instanceof LedgerEvent.Stepped e) steps.put(e.step(), e.digest());
        }
        return new History(next, new ArrayList<>(open), waves, batches, steps);
    }

    /** The last step that was made, 0 if none. */
    public int lastStep() {
        return steps.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
