package io.tramontane.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.SeekableReadChannel;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;

/**
 * A batch as Arrow: the rows of {@link GroupArrow} with rewards; the schema's metadata holds {@code step}, {@code groups}
 * and {@code checksum} (CRC32C over the content), so that a damaged record is never trained on. Files are written beside
 * their place and renamed: a file that is there is whole.
 */
public final class BatchArrow {
    private BatchArrow() {}

    /** A batch as an IPC stream. */
    public static byte[] toBytes(Batch batch) {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = GroupArrow.scoredToRoot(batch.groups(), metadata(batch), allocator)) {
            return GroupArrow.stream(root);
        }
    }

    /** A batch of an IPC stream; bytes that are none are an IllegalArgumentException. */
    public static Batch fromBytes(byte[] bytes) {
        return GroupArrow.read(bytes, BatchArrow::batch);
    }

    /** Name of a step's file: {@code step-000042.arrow}. */
    public static String fileName(int step) {
        return String.format(Locale.ROOT, "step-%06d.arrow", step);
    }

    /** Writes an IPC file; afterwards it is there as a whole, or not at all. */
    public static void write(Path file, Batch batch) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = GroupArrow.scoredToRoot(batch.groups(), metadata(batch), allocator);
                FileChannel channel = FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.start();
            writer.writeBatch();
            writer.end();
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads an IPC file. */
    public static Batch read(Path file) {
        if (!Files.isRegularFile(file)) throw new BadInputException(file + ": no such file");
        // Arrow throws many kinds of exceptions on damaged files; they all mean the same to the reader.
        try {
            byte[] bytes = Files.readAllBytes(file);
            try (BufferAllocator allocator = new RootAllocator(GroupColumns.memoryLimit(bytes.length));
                    ArrowFileReader reader = new ArrowFileReader(
                            new SeekableReadChannel(new ByteArrayReadableSeekableByteChannel(bytes)), allocator)) {
                if (!reader.loadNextBatch()) throw new IOException("no record batch");
                return batch(reader.getVectorSchemaRoot());
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

    private static Batch batch(VectorSchemaRoot root) {
        Map<String, String> metadata = root.getSchema().getCustomMetadata();
        if (!metadata.containsKey("step")) throw new IllegalArgumentException("no step in the metadata");
        List<ScoredGroup> groups = root.getRowCount() == 0 ? List.of() : GroupArrow.scoredFromRoot(root);
        Batch batch = new Batch(Integer.parseInt(metadata.get("step")), groups);
        String found = Long.toHexString(checksum(batch));
        if (!found.equals(metadata.get("checksum")))
            throw new IllegalArgumentException(
                    "checksum of the content is " + found + ", recorded was " + metadata.get("checksum"));
        return batch;
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
                content.add(completion.finished() ? 1 : 0);
                content.add(completion.text());
            }
            for (RewardBreakdown reward : scored.rewards()) content.add(reward);
        }
        return crc.getValue();
    }
}
