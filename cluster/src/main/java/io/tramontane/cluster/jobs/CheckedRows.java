package io.tramontane.cluster.jobs;

import io.tramontane.data.BadInputException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Rows without those that are malformed, which are remembered, so that one message can tell of all of them. */
final class CheckedRows<T> implements Iterator<T> {
    private static final int TOLD = 5;

    private final Iterator<T> rows;
    private final List<String> faults = new ArrayList<>();
    private long count;
    private T next;

    CheckedRows(Iterator<T> rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        while (next == null && rows.hasNext()) {
            try {
                next = rows.next();
            } catch (BadInputException malformed) {
                if (count++ < TOLD) faults.add(malformed.getMessage());
            }
        }
        return next != null;
    }

    @Override
    public T next() {
        if (!hasNext()) throw new NoSuchElementException("no more rows");
        T row = next;
        next = null;
        return row;
    }

    /** Fails if a row was malformed: the first five as they stand, the others counted. */
    void verify() {
        if (count == 0) return;
        String others = count > TOLD ? "; and " + (count - TOLD) + " more" : "";
        throw new BadInputException(String.join("; ", faults) + others);
    }
}
