package io.tramontane.app.report;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * Keeps a run's numbers in the form of some other program, beside metrics.jsonl. Values are finite and named {@code
 * train/entropy}, {@code eval/byLanguage/fr}. One thread at a time.
 */
interface MetricWriter extends Closeable {
    /** All scalars of one row. */
    void scalars(Instant time, long step, Map<String, Double> values) throws IOException;

    /** The run went on from an older checkpoint: what was written about {@code firstStep} and later is void. */
    void restartAt(long firstStep) throws IOException;

    /** The run is over, and why; {@code failed} when by an error. Not called when the process dies. */
    default void end(Instant time, String reason, boolean failed) throws IOException {}
}
