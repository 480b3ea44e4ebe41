package io.tramontane.cluster.ledger;

import io.tramontane.data.BadInputException;
import io.tramontane.data.StoragePath;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an event file proves, for whoever checks a run folder. Where the file is not sound, everything here is of the events
 * before the first one that is not.
 *
 * @param events read and found sound
 * @param chained events that are covered by a chain; those of runs that are older than the chain are not
 * @param recorded batches and steps with their digests
 * @param groups of each batch, by step
 * @param unfinished groups that were leased, and neither trained nor dropped
 * @param audit what became of the groups
 * @param whole whether the file could be read to its end
 * @param problem the first thing that is not sound, in one line; empty when all is
 */
public record LedgerCheck(
        long events,
        long chained,
        RecordedSteps recorded,
        Map<Integer, List<Long>> groups,
        List<Long> unfinished,
        Audit audit,
        boolean whole,
        Optional<String> problem) {
    /** Reads a file. Never throws for what is in it. */
    public static LedgerCheck of(StoragePath eventsFile) {
        Reading reading = new Reading();
        Chain chain = new Chain();
        try {
            EventReader.read(eventsFile, chain, reading::add);
            reading.whole = true;
        } catch (BadInputException | UncheckedIOException e) {
            reading.problem = Optional.of(e.getMessage());
        }
        return reading.check(eventsFile.name(), chain);
    }

    /** True when nothing is wrong. */
    public boolean sound() {
        return problem.isEmpty();
    }

    private static final class Reading {
        private final Audit.Count count = new Audit.Count();
        private final History.Builder history = new History.Builder();
        private final Map<Integer, List<Long>> groups = new TreeMap<>();
        private final Map<Integer, MadeStep> made = new TreeMap<>();
        private Optional<String> problem = Optional.empty();
        private long events;
        private boolean whole;
        private int batches;

        void add(LedgerEvent event) {
            events++;
            count.add(event);
            history.add(event);
            if (event instanceof LedgerEvent.Batched e) groups.put(e.step(), e.groups());
            if (event instanceof LedgerEvent.Batched e && e.step() != ++batches)
                found("batch of step " + e.step() + " is recorded where that of step " + batches + " is due");
            if (event instanceof LedgerEvent.Stepped e) repeated(e);
        }

        private void repeated(LedgerEvent.Stepped event) {
            MadeStep again = new MadeStep(event.digest(), event.numerics());
            MadeStep before = made.put(event.step(), again);
            if (before != null && before.isRepeatedBy(again) && !before.digest().equals(again.digest()))
                found("step " + event.step() + " was made twice with different weights: " + before.digest() + " and "
                        + again.digest());
        }

        void found(String what) {
            if (problem.isEmpty()) problem = Optional.of(what);
        }

        LedgerCheck check(String name, Chain chain) {
            Audit audit = count.audit();
            if (!audit.exact())
                found(name + ": "
                        + (audit.lost().isEmpty() ? "" : "group " + audit.lost().get(0) + " is lost; ")
                        + (audit.twice().isEmpty()
                                ? ""
                                : "group " + audit.twice().get(0) + " ended twice; ") + audit);
            History past = history.build(chain);
            return new LedgerCheck(
                    events, chain.covered(), past.recorded(), groups, past.unfinished(), audit, whole, problem);
        }
    }
}
