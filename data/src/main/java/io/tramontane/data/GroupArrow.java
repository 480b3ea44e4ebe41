package io.tramontane.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/**
 * Groups as Arrow: <b>one row for each completion</b>, rows of a group next to each other.
 *
 * <pre>
 *  group              int64         the group's id
 *  completion         int32         0 .. G-1 within the group; 0 starts a group
 *  problem            utf8          the problem's JSON line, in row 0 of a group, else null
 *  promptTokens       list&lt;int32&gt;   in row 0 of a group, else null
 *  tokens             list&lt;int32&gt;   [T]
 *  behaviourLogprobs  list&lt;float&gt;   [T], the same bits as in memory
 *  versions           list&lt;int32&gt;   [T]
 *  chosen             list&lt;bool&gt;    [T] the response mask; null where the policy chose all
 *  marks              list&lt;int32&gt;   characters of text at which the thoughts' mark tokens stand; null where marks are text
 *  finished           bool
 *  text               utf8
 * </pre>
 *
 * Scored groups have the columns of {@link RewardColumns} too. A group needs at least one completion. The problem stands
 * once for each group because a code problem's tests can be longer than all its completions.
 */
public final class GroupArrow {
    private GroupArrow() {}

    /** Groups in the columns above; the caller closes the root. */
    public static VectorSchemaRoot toRoot(List<Group> groups, BufferAllocator allocator) {
        return GroupColumns.fill(groups, null, Map.of(), allocator);
    }

    /** The groups of one root (one record batch). */
    public static List<Group> fromRoot(VectorSchemaRoot root) {
        ArrowFrames.check(root);
        return new GroupColumns(root).groups();
    }

    /** Scored groups with their rewards; the caller closes the root. */
    public static VectorSchemaRoot scoredToRoot(List<ScoredGroup> groups, BufferAllocator allocator) {
        return scoredToRoot(groups, Map.of(), allocator);
    }

    static VectorSchemaRoot scoredToRoot(
            List<ScoredGroup> groups, Map<String, String> metadata, BufferAllocator allocator) {
        List<Group> bare = groups.stream().map(ScoredGroup::group).toList();
        List<List<RewardBreakdown>> rewards =
                groups.stream().map(ScoredGroup::rewards).toList();
        return GroupColumns.fill(bare, rewards, metadata, allocator);
    }

    /** The scored groups of one root (one record batch). */
    public static List<ScoredGroup> scoredFromRoot(VectorSchemaRoot root) {
        List<Group> groups = fromRoot(root);
        return new RewardColumns(root).attach(groups);
    }

    /** Groups as an IPC stream. */
    public static byte[] toBytes(List<Group> groups) {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = toRoot(groups, allocator)) {
            return stream(root);
        }
    }

    /** Groups of an IPC stream; bytes that are none are an IllegalArgumentException. */
    public static List<Group> fromBytes(byte[] bytes) {
        return fromBytes(ByteChunks.of(bytes));
    }

    /** The same from bytes in pieces. */
    public static List<Group> fromBytes(ByteChunks bytes) {
        return read(bytes, GroupArrow::fromRoot);
    }

    /** Scored groups as an IPC stream. */
    public static byte[] scoredToBytes(List<ScoredGroup> groups) {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = scoredToRoot(groups, allocator)) {
            return stream(root);
        }
    }

    /** Scored groups of an IPC stream; bytes that are none are an IllegalArgumentException. */
    public static List<ScoredGroup> scoredFromBytes(byte[] bytes) {
        return read(ByteChunks.of(bytes), GroupArrow::scoredFromRoot);
    }

    /** What to take from a root before it is closed. */
    interface Reading<T> {
        T of(VectorSchemaRoot root);
    }

    static byte[] stream(VectorSchemaRoot root) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(out))) {
            writer.start();
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    /** Arrow throws many kinds of exceptions on bytes that are not what it expects; they all mean the same here. */
    private static <T> T read(ByteChunks bytes, Reading<T> reading) {
        try (BufferAllocator allocator = new RootAllocator(GroupColumns.memoryLimit(bytes.size()));
                ArrowStreamReader reader =
                        new ArrowStreamReader(new ArrowFrames(bytes.stream(), bytes.size()), allocator)) {
            if (!reader.loadNextBatch()) throw new IOException("no record batch");
            return reading.of(reader.getVectorSchemaRoot());
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "not groups in Arrow form (" + bytes.size() + " bytes): " + GroupColumns.reason(e), e);
        }
    }
}
