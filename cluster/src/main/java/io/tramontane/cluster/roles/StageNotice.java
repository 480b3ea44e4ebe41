package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import java.util.NavigableMap;

/** Tells the listener when another stage of the schedule begins, once. */
final class StageNotice {
    private final NavigableMap<Integer, String> changes;
    private final int count;
    private final ListenerQueue listeners;
    private int told;
    private int taken;
    private int made;

    /** Goes on after a step: what began up to there was told by earlier processes. */
    StageNotice(Config config, ListenerQueue listeners, int told) {
        this.changes = config.changes();
        this.count = config.stages().size();
        this.listeners = listeners;
        this.told = told;
        this.made = told;
    }

    /** The batch of this step is in training; that is told after the row of the step before. */
    synchronized void batchTaken(int step) {
        taken = step;
        tell();
    }

    /** The row of this step is written. */
    synchronized void stepMade(int step) {
        made = step;
        tell();
    }

    private void tell() {
        int step = taken;
        if (step <= told || made < step - 1) return;
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
