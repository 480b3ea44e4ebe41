package io.tramontane.cluster.report;

import java.io.ByteArrayOutputStream;
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
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
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
        Message summary = new Message();
        values.forEach((tag, value) -> summary.bytes(
                1,
                new Message()
                        .bytes(1, tag.getBytes(StandardCharsets.UTF_8))
                        .fixed32(2, value.floatValue())
                        .toBytes()));
        writeEvent(step, 5, summary.toBytes());
    }

    /** Tells TensorBoard that whatever older files say about {@code firstStep} and later is void. */
    @Override
    public void restartAt(long firstStep) throws IOException {
        writeEvent(firstStep, 7, new Message().varint(1, SESSION_START).toBytes());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void writeEvent(long step, int field, byte[] content) throws IOException {
        Instant now = clock.instant();
        Message event = new Message().fixed64(1, now.getEpochSecond() + now.getNano() / 1e9);
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

    /** A protobuf message being written. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            writeVarint((long) field << 3 | VARINT);
            writeVarint(value);
            return this;
        }

        Message fixed64(int field, double value) {
            writeVarint((long) field << 3 | FIXED64);
            out.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            return this;
        }

        Message fixed32(int field, float value) {
            writeVarint((long) field << 3 | FIXED32);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
            return this;
        }

        Message bytes(int field, byte[] value) {
            writeVarint((long) field << 3 | BYTES);
            writeVarint(value.length);
            out.writeBytes(value);
            return this;
        }

        byte[] toBytes() {
            return out.toByteArray();
        }

        private void writeVarint(long value) {
            while ((value & ~0x7fL) != 0) {
                out.write((int) (value & 0x7f | 0x80));
                value >>>= 7;
            }
            out.write((int) value);
        }
    }
}
