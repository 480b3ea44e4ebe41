package io.tramontane.cluster.ledger;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.tramontane.data.AppendLog;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The append-only log of events. A process that dies while it writes leaves a last line without its newline: such a
 * line never happened, since nothing takes effect before its event is written whole. An event that cannot be written
 * never happened either.
 */
final class EventLog implements AutoCloseable {
    private static final ObjectWriter JSON = JsonReading.mapper().writerFor(LedgerEvent.class);

    private final AppendLog log;
    private final Chain chain;

    /**
     * Opens the log for appending and cuts off a torn last line.
     *
     * @param chain of the events that are in the file
     */
    EventLog(StoragePath file, Chain chain) {
        this.chain = chain;
        try {
            log = AppendLog.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file.name(), e);
        }
    }

    /**
     * Appends one event. Batches and steps are committed, since files and checkpoints refer to them, and so are starts and
     * stops of a driver. Of the others a suffix may be lost with the process: then no batch has any of their groups, and the
     * next driver leases them again.
     */
    void append(LedgerEvent event) {
        try {
            String text = JSON.writeValueAsString(event);
            String line = event.mustSurvive() ? chain.link(text) : text;
            if (event.mustSurvive()) log.appendCommitted(line + "\n");
            else log.append(line + "\n");
            chain.add(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the ledger: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the ledger", e);
        }
    }
}
