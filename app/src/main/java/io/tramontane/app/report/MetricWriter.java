package io.tramontane.app.report;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * Writes a run's numbers in the format of another program, beside metrics.jsonl. Values are finite and named {@code
 * train/entropy}, {@code eval/byLanguage/fr}. One thread at a time.
 */
interface MetricWriter extends Closeable {
    /** All scalars of one row. */
    void scalars(Instant time, long step, Map<String, Double> values) throws IOException;

    /** The run continues from an older checkpoint: values of {@code firstStep} and later are void. */
    void restartAt(long firstStep) throws IOException;

    /** The run ended for {@code reason}; {@code failed} if by an error. Not called when the process is killed. */
    default void end(Instant time, String reason, boolean failed) throws IOException {}
}
