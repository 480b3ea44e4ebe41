package io.tramontane.app.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Writes scalars in the file format that TensorBoard reads, without TensorFlow. A file is a row of frames
 *
 * <pre>  length uint64 | masked CRC32C of the length | payload | masked CRC32C of the payload      (little-endian)</pre>
 *
 * and each payload is one protobuf {@code Event}, of which four fields are needed: 1 wall_time double, 2 step varint, 3
 * file_version string (first frame only), 5 summary { 1 value { 1 tag string, 2 simple_value float } }, and 7 session_log
 * { 1 status = START }, which tells TensorBoard to forget what an interrupted run wrote from that step on.
 */
final class EventFile implements MetricWriter {
    private static final int SESSION_START = 1;

    private final OutputStream out;
    private final Clock clock;

    /** Starts a file in {@code out}, which this object closes. */
    EventFile(OutputStream out, Clock clock) throws IOException {
        this.out = out;
        this.clock = clock;
        writeEvent(0, 3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    }

    /** A new file in {@code folder}, named so that it sorts after those that are there. */
    static EventFile in(Path folder, Clock clock) throws IOException {
        Files.createDirectories(folder);
        long there;
        try (Stream<Path> files = Files.list(folder)) {
            there = files.count();
        }
        long seconds = clock.instant().getEpochSecond();
        String name = String.format(Locale.ROOT, "events.out.tfevents.%010d.tramontane.%04d", seconds, there);
        return new EventFile(Files.newOutputStream(folder.resolve(name), StandardOpenOption.CREATE_NEW), clock);
    }

    /** One event with all scalars of one row; the file has its own time, the one at which it is written. */
    @Override
    public void scalars(Instant time, long step, Map<String, Double> values) throws IOException {
        if (values.isEmpty()) return;
        ProtobufMessage summary = new ProtobufMessage();
        values.forEach((tag, value) -> summary.bytes(
                1,
                new ProtobufMessage()
                        .bytes(1, tag.getBytes(StandardCharsets.UTF_8))
                        .fixed32(2, value.floatValue())
                        .toBytes()));
        writeEvent(step, 5, summary.toBytes());
    }

    /** Tells TensorBoard that whatever older files say about {@code firstStep} and later is void. */
    @Override
    public void restartAt(long firstStep) throws IOException {
        writeEvent(firstStep, 7, new ProtobufMessage().varint(1, SESSION_START).toBytes());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void writeEvent(long step, int field, byte[] content) throws IOException {
        Instant now = clock.instant();
        ProtobufMessage event = new ProtobufMessage().fixed64(1, now.getEpochSecond() + now.getNano() / 1e9);
        if (step != 0) event.varint(2, step);
        out.write(frame(event.bytes(field, content).toBytes()));
        out.flush();
    }

    private static byte[] frame(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(payload.length).putInt(maskedCrc(frame.array(), Long.BYTES));
        return frame.put(payload).putInt(maskedCrc(payload, payload.length)).array();
    }

    /** TFRecord's mask: rotate right by 15 bits and add a constant, so that a CRC of data with CRCs stays useful. */
    private static int maskedCrc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }
}
