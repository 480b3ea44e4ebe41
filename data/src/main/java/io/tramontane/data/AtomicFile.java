package io.tramontane.data;

import java.io.IOException;
import java.io.OutputStream;

/** A file that appears under its name as a whole ({@link #commit}), or not at all ({@link #close} without one). */
public interface AtomicFile extends AutoCloseable {
    /** Where the bytes go. Closing it does not finish the file. */
    OutputStream stream();

    /** Gives the file its name. */
    void commit() throws IOException;

    /** Removes what was written, unless it was committed. */
    @Override
    void close() throws IOException;
}
