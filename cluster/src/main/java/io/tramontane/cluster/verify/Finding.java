package io.tramontane.cluster.verify;

import java.util.Optional;

/**
 * What was found about one part of a run folder.
 *
 * @param what was looked at, in the plural
 * @param count how many of them
 * @param fault the first thing that is not as it was written, in one line that names the file; empty if all are sound
 * @param cure what a user can do about it; empty if all are sound
 * @param report true for files that only people read: a fault in them never stops training
 */
public record Finding(String what, long count, Optional<String> fault, Optional<String> cure, boolean report) {
    static Finding sound(String what, long count) {
        return new Finding(what, count, Optional.empty(), Optional.empty(), false);
    }

    static Finding broken(String what, long count, String fault, String cure) {
        return new Finding(what, count, Optional.of(fault), Optional.of(cure), false);
    }

    static Finding warning(String what, long count, String fault, String cure) {
        return new Finding(what, count, Optional.of(fault), Optional.of(cure), true);
    }

    /** False if training could not go on, or not with what was recorded. */
    public boolean isSound() {
        return fault.isEmpty() || report;
    }
}
