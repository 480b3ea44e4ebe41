package io.tramontane.cluster.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.AppendLog;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The append-only log of events. A process that dies while it writes leaves a last line without its newline: such a
 * line never happened, since nothing takes effect before its event is written whole.
 */
final class EventLog implements AutoCloseable {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private final AppendLog log;

    /** Opens the log for appending and cuts off a torn last line. */
    EventLog(StoragePath file) {
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
            log.append(JSON.writeValueAsString(event) + "\n");
            if (isCommitted(event)) log.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the ledger", e);
        }
    }

    private static boolean isCommitted(LedgerEvent event) {
        return event instanceof LedgerEvent.Batched
                || event instanceof LedgerEvent.Stepped
                || event instanceof LedgerEvent.Opened
                || event instanceof LedgerEvent.Stopped;
    }

    /** All whole events of a log; an unreadable line before the last is an error that names its number. */
    static List<LedgerEvent> read(StoragePath file) {
        try {
            List<LedgerEvent> events = new ArrayList<>();
            AppendLog.read(file, line -> events.add(parse(file, line)));
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.name(), e);
        }
    }

    private static LedgerEvent parse(StoragePath file, AppendLog.Line line) {
        try {
            return JSON.readValue(line.bytes(), LedgerEvent.class);
        } catch (IOException e) {
            String text = new String(line.bytes(), StandardCharsets.UTF_8);
            throw new IllegalStateException(file.name() + ":" + line.number() + ": not a ledger event: " + text, e);
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
