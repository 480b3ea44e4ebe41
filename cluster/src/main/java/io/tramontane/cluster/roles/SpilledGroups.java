package io.tramontane.cluster.roles;

import com.fasterxml.jackson.databind.ObjectReader;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.SpillStore;
import io.tramontane.cluster.ledger.Spilled;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.JsonReading;
import io.tramontane.data.Sha256;
import io.tramontane.data.StoragePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was sampled of groups in flight, as files of the run folder: {@code spill/group-000012}. A file is the SHA-256 of what
 * follows, the lease as a line of JSON, and the group as an Arrow stream. One that is damaged is not used.
 */
final class SpilledGroups implements SpillStore {
    private static final Logger LOG = LoggerFactory.getLogger(SpilledGroups.class);
    private static final Pattern NAME = Pattern.compile("group-\\d{6,19}");
    private static final ObjectReader LEASES = JsonReading.mapper().readerFor(Lease.class);

    private final StoragePath folder;
    private final Map<Long, Entry> entries = new TreeMap<>();
    private final List<String> damaged = new ArrayList<>();

    /** One file. */
    private record Entry(Spilled spilled, int tokens) {}

    /** What a file holds. */
    private record Content(Lease lease, Group group) {
        Entry entry() {
            return new Entry(Spilled.of(lease, group), group.completionTokens());
        }
    }

    /** How many groups, and the tokens of their completions. */
    record Size(int groups, long tokens) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%,d spilled group%s (%,d tokens)", groups, groups == 1 ? "" : "s", tokens);
        }
    }

    /** Reads what is there; damaged files are removed. */
    SpilledGroups(StoragePath folder) throws IOException {
        this.folder = folder;
        for (String name : folder.list()) {
            if (NAME.matcher(name).matches()) open(name);
            else folder.child(name).deleteTree(); // a process was killed while it wrote
        }
    }

    private void open(String name) throws IOException {
        try {
            Content content = read(name);
            entries.put(content.group().id(), content.entry());
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} is not used", folder.child(name).name(), e);
            damaged.add(name);
            folder.child(name).delete();
        }
    }

    private static String name(long group) {
        return String.format(Locale.ROOT, "group-%06d", group);
    }

    /** Names of the files that were damaged. */
    List<String> damaged() {
        return List.copyOf(damaged);
    }

    /** All that is there. */
    synchronized Size size() {
        return new Size(
                entries.size(),
                entries.values().stream().mapToLong(Entry::tokens).sum());
    }

    /** Keeps what was sampled of a group in place of what there was of it. */
    synchronized void write(Lease lease, Group group) throws IOException {
        folder.makeFolder();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(JsonReading.mapper().writeValueAsBytes(lease));
        content.write('\n');
        content.write(GroupArrow.toBytes(List.of(group)));
        byte[] bytes = content.toByteArray();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write((Sha256.of(bytes) + "\n").getBytes(StandardCharsets.US_ASCII));
        file.write(bytes);
        folder.child(name(group.id())).replace(file.toByteArray());
        entries.put(group.id(), new Content(lease, group).entry());
    }

    /** Whether there is something of a group. */
    synchronized boolean has(long group) {
        return entries.containsKey(group);
    }

    /** What was sampled of a group; empty where there is nothing that can be used. */
    synchronized Optional<Group> group(long id) {
        if (!has(id)) return Optional.empty();
        try {
            return Optional.of(read(name(id)).group());
        } catch (IOException | RuntimeException e) {
            LOG.warn("group {} is sampled from its start", id, e);
            return Optional.empty();
        }
    }

    private Content read(String name) throws IOException {
        byte[] file = folder.child(name).bytes();
        int digest = lineEnd(file, 0);
        byte[] content = Arrays.copyOfRange(file, digest + 1, file.length);
        String found = Sha256.of(content);
        if (!found.equals(new String(file, 0, digest, StandardCharsets.US_ASCII)))
            throw new IOException(name + " has another SHA-256 than it was written with: " + found);
        int head = lineEnd(content, 0);
        Lease lease = LEASES.readValue(content, 0, head);
        Group group = GroupArrow.fromBytes(Arrays.copyOfRange(content, head + 1, content.length))
                .get(0);
        boolean older = group.completions().stream()
                .filter(c -> c.length() > 0)
                .mapToInt(Completion::oldestVersion)
                .anyMatch(version -> version < lease.version());
        if (older || lease.group() != group.id() || !name.equals(name(group.id())))
            throw new IOException(name + " does not hold what it says");
        return new Content(lease, group);
    }

    private static int lineEnd(byte[] bytes, int from) throws IOException {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == '\n') return i;
        throw new IOException("no whole line");
    }

    @Override
    public synchronized List<Spilled> all() {
        return entries.values().stream().map(Entry::spilled).toList();
    }

    @Override
    public synchronized void delete(long group) {
        if (entries.remove(group) == null) return;
        try {
            folder.child(name(group)).delete();
        } catch (IOException e) {
            LOG.warn("{} cannot be removed; the next driver does it", name(group), e);
        }
    }
}
