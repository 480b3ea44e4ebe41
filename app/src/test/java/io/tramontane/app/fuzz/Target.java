package io.tramontane.app.fuzz;

import java.util.List;
import java.util.Set;

/**
 * A reader that takes bytes from outside.
 *
 * @param name what it reads
 * @param samples valid inputs
 * @param reader reads one, or fails as it promises
 * @param refusals what it may fail with
 */
record Target(String name, List<byte[]> samples, Reader reader, Set<Class<? extends Throwable>> refusals) {
    /** Reads to the end. */
    interface Reader {
        void read(byte[] input) throws Exception;
    }

    boolean mayThrow(Throwable e) {
        return refusals.stream()
                .anyMatch(kind -> kind == e.getClass() || kind.isInstance(e) && kind != RuntimeException.class);
    }
}
