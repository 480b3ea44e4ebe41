package io.tramontane.app.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * An offline run of Weights and Biases, {@code wandb/offline-run-20260131_120000-ID/run-ID.wandb}, which {@code wandb sync}
 * uploads. The file is LevelDB's log format with a head of its own,
 *
 * <pre>
 *   ":W&amp;B" 0xBEE1 0x00
 *   blocks of 32 KiB of:  CRC32(type, data) uint32 | length uint16 | type 1 whole, 2 first, 3 middle, 4 last | data
 * </pre>
 *
 * whose data are protobuf records (wandb_internal.proto of wandb 0.31): 21 header, 17 run with the config, 2 history, 18
 * exit. A row's {@code _step} counts rows, because W&amp;B requires it to rise and evaluations end late; the training step
 * is a separate value. A resumed run keeps its id and is written again from metrics.jsonl.
 */
final class WandbRun implements MetricWriter {
    private static final int BLOCK = 1 << 15;
    private static final int HEAD = 7;
    private static final int WHOLE = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;
    private static final int LAST = 4;
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final OutputStream out;
    private final Instant start;
    private long written;
    private long records;
    private long rows;

    private WandbRun(OutputStream out, Instant start) {
        this.out = out;
        this.start = start;
    }

    /** Starts a run in {@code wandb}, or the existing one again. */
    static WandbRun begin(Path wandb, String name, Map<String, String> config, Instant start) throws IOException {
        Path folder = existing(wandb).orElseGet(() -> wandb.resolve("offline-run-" + DATE.format(start) + "-" + id()));
        String id = folder.getFileName().toString().replaceFirst(".*-", "");
        Files.createDirectories(folder);
        WandbRun run = new WandbRun(
                new BufferedOutputStream(Files.newOutputStream(folder.resolve("run-" + id + ".wandb"))), start);
        run.write(ByteBuffer.allocate(HEAD)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {':', 'W', '&', 'B'})
                .putShort((short) 0xBEE1)
                .put((byte) 0)
                .array());
        ProtobufMessage version = new ProtobufMessage().text(1, "0.31.0").text(2, "0.70.0");
        run.record(21, new ProtobufMessage().message(1, version));
        run.record(17, run.head(id, name, config));
        run.out.flush();
        return run;
    }

    private static Optional<Path> existing(Path wandb) throws IOException {
        if (!Files.isDirectory(wandb)) return Optional.empty();
        try (Stream<Path> entries = Files.list(wandb)) {
            return entries.filter(
                            path -> path.getFileName().toString().matches("offline-run-\\d{8}_\\d{6}-[a-z0-9]{8}"))
                    .findFirst();
        }
    }

    private static String id() {
        SecureRandom random = new SecureRandom();
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < 8; i++) id.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
        return id.toString();
    }

    private ProtobufMessage head(String id, String name, Map<String, String> config) throws IOException {
        ProtobufMessage values = new ProtobufMessage();
        for (Map.Entry<String, String> entry : config.entrySet())
            values.message(1, new ProtobufMessage().text(1, entry.getKey()).text(16, json(entry.getValue())));
        ProtobufMessage time =
                new ProtobufMessage().varint(1, start.getEpochSecond()).varint(2, start.getNano());
        return new ProtobufMessage()
                .text(1, id)
                .text(3, "tramontane")
                .message(4, values)
                .text(8, name)
                .message(17, time);
    }

    private static String json(Object value) throws IOException {
        return JSON.writeValueAsString(value);
    }

    @Override
    public void scalars(Instant time, long step, Map<String, Double> values) throws IOException {
        ProtobufMessage history = new ProtobufMessage();
        item(history, "trainer/step", step);
        for (Map.Entry<String, Double> value : values.entrySet()) item(history, value.getKey(), value.getValue());
        item(history, "_timestamp", time.toEpochMilli() / 1e3);
        item(history, "_runtime", Duration.between(start, time).toMillis() / 1e3);
        item(history, "_step", rows);
        record(2, history.message(2, new ProtobufMessage().varint(1, rows)));
        rows++;
        out.flush();
    }

    private static void item(ProtobufMessage history, String key, Object value) throws IOException {
        history.message(1, new ProtobufMessage().text(2, key).text(16, json(value)));
    }

    private void record(int field, ProtobufMessage content) throws IOException {
        byte[] record = new ProtobufMessage()
                .varint(1, ++records)
                .message(field, content)
                .toBytes();
        for (int from = 0; from < record.length; ) {
            int left = BLOCK - (int) (written % BLOCK);
            if (left < HEAD) {
                write(new byte[left]); // too little for another head: the rest of the block is zero
                continue;
            }
            int length = Math.min(left - HEAD, record.length - from);
            boolean last = from + length == record.length;
            chunk(from == 0 ? (last ? WHOLE : FIRST) : last ? LAST : MIDDLE, record, from, length);
            from += length;
        }
    }

    private void chunk(int type, byte[] record, int from, int length) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(type);
        crc.update(record, from, length);
        write(ByteBuffer.allocate(HEAD + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) crc.getValue())
                .putShort((short) length)
                .put((byte) type)
                .put(record, from, length)
                .array());
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    @Override
    public void restartAt(long firstStep) {}

    @Override
    public void end(Instant time, String reason, boolean failed) throws IOException {
        long seconds = Math.max(0, Duration.between(start, time).toSeconds());
        record(18, new ProtobufMessage().varint(1, failed ? 1 : 0).varint(2, seconds));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
