package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.SpillStore;
import io.tramontane.cluster.ledger.Spilled;
import io.tramontane.cluster.ledger.SpilledFile;
import io.tramontane.data.Group;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was sampled of groups in flight, as files of the run folder, see {@link SpilledFile}. One that is damaged is not used.
 */
final class SpilledGroups implements SpillStore {
    private static final Logger LOG = LoggerFactory.getLogger(SpilledGroups.class);

    private final StoragePath folder;
    private final Map<Long, Entry> entries = new TreeMap<>();
    private final List<String> damaged = new ArrayList<>();

    /** One file. */
    private record Entry(Spilled spilled, int tokens) {
        static Entry of(SpilledFile file) {
            return new Entry(
                    Spilled.of(file.lease(), file.group()), file.group().completionTokens());
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
            if (SpilledFile.isName(name)) open(name);
            else folder.child(name).deleteTree(); // a process was killed while it wrote
        }
    }

    private void open(String name) throws IOException {
        try {
            SpilledFile file = read(name);
            entries.put(file.group().id(), Entry.of(file));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} is not used", folder.child(name).name(), e);
            damaged.add(name);
            folder.child(name).delete();
        }
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
        SpilledFile file = new SpilledFile(lease, group);
        folder.child(SpilledFile.name(group.id())).replace(file.bytes());
        entries.put(group.id(), Entry.of(file));
    }

    /** Whether there is something of a group. */
    synchronized boolean has(long group) {
        return entries.containsKey(group);
    }

    /** What was sampled of a group; empty where there is nothing that can be used. */
    synchronized Optional<Group> group(long id) {
        if (!has(id)) return Optional.empty();
        try {
            return Optional.of(read(SpilledFile.name(id)).group());
        } catch (IOException | RuntimeException e) {
            LOG.warn("group {} is sampled from its start", id, e);
            return Optional.empty();
        }
    }

    private SpilledFile read(String name) throws IOException {
        return SpilledFile.read(folder.child(name));
    }

    @Override
    public synchronized List<Spilled> all() {
        return entries.values().stream().map(Entry::spilled).toList();
    }

    @Override
    public synchronized void delete(long group) {
        if (entries.remove(group) == null) return;
        try {
            folder.child(SpilledFile.name(group)).delete();
        } catch (IOException e) {
            LOG.warn("{} cannot be removed; the next driver does it", SpilledFile.name(group), e);
        }
    }
}
