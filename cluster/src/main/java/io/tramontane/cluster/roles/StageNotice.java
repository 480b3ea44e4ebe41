package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import java.util.NavigableMap;

/** Tells the listener when another stage of the schedule begins, once. */
final class StageNotice {
    private final NavigableMap<Integer, String> changes;
    private final int count;
    private final ListenerQueue listeners;
    private int told;

    /** Goes on after a step: what began up to there was told by earlier processes. */
    StageNotice(Config config, ListenerQueue listeners, int told) {
        this.changes = config.changes();
        this.count = config.stages().size();
        this.listeners = listeners;
        this.told = told;
    }

    /** The batch of this step is in training. */
    synchronized void batchTaken(int step) {
        if (step <= told) return;
        told = step;
        String change = changes.get(step);
        if (change == null) return;
        String line = "step " + step + ", stage " + number(step) + " of " + count + ": " + change;
        listeners.post(l -> l.stage(step, line));
    }

    /** Of the stage that a step belongs to, from 1. */
    private int number(int step) {
        return count - changes.tailMap(step, false).size();
    }
}
