package io.tramontane.cluster.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The append-only file of events. A process that dies while it writes leaves a last line without its newline: such a
 * line never happened, since nothing takes effect before its event is written whole.
 */
final class EventLog implements AutoCloseable {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private final FileChannel channel;

    /** Opens the file for appending and cuts off a torn last line. */
    EventLog(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(wholeLines(Files.readAllBytes(file)));
            channel.position(channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    /** Appends one event. Batches and steps are forced to the disk, since files and checkpoints refer to them. */
    void append(LedgerEvent event) {
        try {
            ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) channel.write(line);
            if (event instanceof LedgerEvent.Batched || event instanceof LedgerEvent.Stepped) channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to the ledger", e);
        }
    }

    /** All whole events of a file; an unreadable line before the last is an error that names its number. */
    static List<LedgerEvent> read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, 0, wholeLines(bytes), StandardCharsets.UTF_8);
            List<LedgerEvent> events = new ArrayList<>();
            for (String line : text.lines().toList()) events.add(parse(file, events.size() + 1, line));
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static LedgerEvent parse(Path file, int number, String line) {
        try {
            return JSON.readValue(line, LedgerEvent.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file + ":" + number + ": not a ledger event: " + line, e);
        }
    }

    private static int wholeLines(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') end--;
        return end;
    }

    @Override
    public void close() {
        try {
            channel.force(false);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the ledger", e);
        }
    }
}
