package io.tramontane.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.SeekableReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/**
 * A batch as Arrow: the rows of {@link GroupArrow} with rewards; the schema's metadata holds {@code step}, {@code groups}
 * and {@code checksum} (CRC32C over the content), so that a damaged record is never trained on. Files are written beside
 * their place and renamed: a file that is there is whole.
 */
public final class BatchArrow {
    private static final int PIECE = 1 << 16;
    private static final long PART_BYTES = 256L << 20;

    private BatchArrow() {}

    /** A batch as an IPC stream. */
    public static ByteChunks toBytes(Batch batch) {
        ByteChunks bytes = new ByteChunks();
        try (BatchRows rows = new BatchRows(batch);
                ArrowStreamWriter writer = new ArrowStreamWriter(rows.root, null, Channels.newChannel(bytes))) {
            rows.write(writer);
            writer.end();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed: " + e.getMessage(), e);
        }
        return bytes;
    }

    /** A batch of an IPC stream; bytes that are none are an IllegalArgumentException. */
    public static Batch fromBytes(ByteChunks bytes) {
        try (BufferAllocator allocator = new RootAllocator(GroupColumns.memoryLimit(bytes.size()));
                ArrowStreamReader reader =
                        new ArrowStreamReader(new ArrowFrames(bytes.stream(), bytes.size()), allocator)) {
            return batch(reader);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "not a batch in Arrow form (" + bytes.size() + " bytes): " + GroupColumns.reason(e), e);
        }
    }

    /** Name of a step's file: {@code step-000042.arrow}. */
    public static String fileName(int step) {
        return String.format(Locale.ROOT, "step-%06d.arrow", step);
    }

    /** Writes an IPC file; afterwards it is there as a whole, or not at all. Returns the SHA-256 of its bytes. */
    public static String write(StoragePath file, Batch batch) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (AtomicFile whole = file.create(file.beside(".part"));
                WritableByteChannel channel = Channels.newChannel(
                        new DigestOutputStream(new BufferedOutputStream(whole.stream(), PIECE), digest));
                BatchRows rows = new BatchRows(batch);
                ArrowFileWriter writer = new ArrowFileWriter(rows.root, null, channel)) {
            rows.write(writer);
            writer.end();
            channel.close();
            whole.commit();
        }
        return Sha256.of(digest);
    }

    /** The same on this machine. */
    public static String write(Path file, Batch batch) throws IOException {
        return write(new LocalStorage(file), batch);
    }

    /** Reads an IPC file. */
    public static Batch read(Path file) {
        if (!Files.isRegularFile(file)) throw new BadInputException(file + ": no such file");
        // Arrow throws many kinds of exceptions on damaged files; they all mean the same to the reader.
        try (FileChannel channel = FileChannel.open(file)) {
            try (BufferAllocator allocator = new RootAllocator(GroupColumns.memoryLimit(channel.size()));
                    ArrowFileReader reader = new ArrowFileReader(new SeekableReadChannel(channel), allocator)) {
                return batch(reader);
            }
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(file + ": not a whole batch record: " + GroupColumns.reason(e));
        }
    }

    private static Map<String, String> metadata(Batch batch) {
        return Map.of(
                "step", Integer.toString(batch.step()),
                "groups", Integer.toString(batch.groups().size()),
                "checksum", Long.toHexString(checksum(batch)));
    }

    private static Batch batch(ArrowReader reader) throws IOException {
        Map<String, String> metadata = reader.getVectorSchemaRoot().getSchema().getCustomMetadata();
        if (!reader.loadNextBatch()) throw new IOException("no record batch");
        if (!metadata.containsKey("step")) throw new IllegalArgumentException("no step in the metadata");
        List<ScoredGroup> groups = new ArrayList<>();
        do {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            if (root.getRowCount() > 0) groups.addAll(GroupArrow.scoredFromRoot(root));
        } while (reader.loadNextBatch());
        Batch batch = new Batch(Integer.parseInt(metadata.get("step")), groups);
        String found = Long.toHexString(checksum(batch));
        if (!found.equals(metadata.get("checksum")))
            throw new IllegalArgumentException(
                    "checksum of the content is " + found + ", recorded was " + metadata.get("checksum"));
        return batch;
    }

    /** Cuts a batch into record batches: Arrow for Java reads none above 2 GiB, and one is in memory at a time. */
    private static List<List<ScoredGroup>> parts(Batch batch) {
        List<List<ScoredGroup>> parts = new ArrayList<>();
        int from = 0;
        long size = 0;
        for (int i = 0; i < batch.groups().size(); i++) {
            size += size(batch.groups().get(i));
            if (size < PART_BYTES && i < batch.groups().size() - 1) continue;
            parts.add(batch.groups().subList(from, i + 1));
            from = i + 1;
            size = 0;
        }
        return parts.isEmpty() ? List.of(List.of()) : parts;
    }

    /** About as many bytes as it takes. */
    private static long size(ScoredGroup group) {
        long size = 4L * group.group().promptTokens().length;
        for (Completion completion : group.group().completions())
            size += 12L * completion.length() + 3L * completion.text().length();
        return size;
    }

    /** The root that an Arrow writer reads from, filled with one part after the other. */
    private static final class BatchRows implements AutoCloseable {
        private final BufferAllocator allocator = new RootAllocator();
        private final Map<String, String> metadata;
        private final List<List<ScoredGroup>> parts;
        private final VectorSchemaRoot root;

        BatchRows(Batch batch) {
            this.metadata = metadata(batch);
            this.parts = parts(batch);
            this.root = GroupArrow.scoredToRoot(parts.get(0), metadata, allocator);
        }

        void write(ArrowWriter writer) throws IOException {
            writer.start();
            writer.writeBatch();
            for (List<ScoredGroup> part : parts.subList(1, parts.size())) {
                try (VectorSchemaRoot next = GroupArrow.scoredToRoot(part, metadata, allocator);
                        ArrowRecordBatch rows = new VectorUnloader(next).getRecordBatch()) {
                    new VectorLoader(root).load(rows);
                }
                writer.writeBatch();
            }
        }

        @Override
        public void close() {
            root.close();
            allocator.close();
        }
    }

    /** CRC32C over everything that a batch holds, in the order of its fields. */
    private static long checksum(Batch batch) {
        CRC32C crc = new CRC32C();
        Content content = new Content(crc);
        content.add(batch.step());
        for (ScoredGroup scored : batch.groups()) {
            content.add(scored.group().id());
            content.add(ProblemJson.write(scored.group().problem()));
            content.add(scored.group().promptTokens());
            for (Completion completion : scored.group().completions()) {
                content.add(completion.tokens());
                for (float logprob : completion.behaviourLogprobs()) content.add(Float.floatToRawIntBits(logprob));
                content.add(completion.versions());
                if (completion.chosen() != null) content.add(completion.chosen());
                if (completion.marks() != null) content.add(completion.marks());
                content.add(completion.finished() ? 1 : 0);
                content.add(completion.text());
            }
            for (RewardBreakdown reward : scored.rewards()) content.add(reward);
        }
        return crc.getValue();
    }
}
