package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.data.JsonLines;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finished parts, in the folder {@code OUT.parts} beside the output: {@code part-00017-KEY.jsonl}. A part is there as a whole
 * or not at all, and the key says what it was made from, so a later run takes up only what it would have made itself.
 */
public final class PartFiles {
    private static final Pattern OURS =
            Pattern.compile("\\.?part-\\d+-[0-9a-f]+\\.jsonl(\\.unfinished)?|output\\.unfinished");

    private final StoragePath folder;
    private final String key;
    private final Set<String> finished = new HashSet<>();

    private PartFiles(StoragePath folder, String key) {
        this.folder = folder;
        this.key = key;
    }

    /** Looks what an earlier run of the same key has left, and removes what others have. */
    public static PartFiles open(StoragePath out, String key) {
        PartFiles files = new PartFiles(out.beside(".parts"), key);
        try {
            for (String name : files.folder.list()) {
                if (name.matches("part-\\d+-" + key + "\\.jsonl")) files.finished.add(name);
                else if (OURS.matcher(name).matches()) files.folder.child(name).delete();
            }
            files.folder.makeFolder();
        } catch (IOException e) {
            throw new UncheckedIOException(files.folder.name() + ": cannot be used", e);
        }
        return files;
    }

    private String name(int part) {
        return String.format(Locale.ROOT, "part-%05d-%s.jsonl", part, key);
    }

    /** True when the part need not be made again. */
    public boolean has(int part) {
        return finished.contains(name(part));
    }

    /** How many there are. */
    public int count() {
        return finished.size();
    }

    /** The folder, for a person. */
    public String where() {
        return folder.name();
    }

    /** Where the output lies while it is put together. */
    public StoragePath output() {
        return folder.child("output.unfinished");
    }

    /** Keeps the lines of a part. */
    public void write(int part, List<String> lines) {
        StoragePath place = folder.child(name(part));
        try (AtomicText text = AtomicText.open(place, place.create(place.beside(".unfinished")))) {
            lines.forEach(text::line);
            text.commit();
        }
        finished.add(name(part));
    }

    /** Reads a part line by line. */
    public void read(int part, Consumer<ObjectNode> sink) {
        StoragePath place = folder.child(name(part));
        try (JsonLines lines = new JsonLines(place.open(), place.name())) {
            lines.forEachRemaining(line -> sink.accept(line.object()));
        }
    }

    /** Removes everything of ours, and the folder if nothing else is in it. */
    public void delete() {
        try {
            for (String name : folder.list()) {
                if (OURS.matcher(name).matches()) folder.child(name).delete();
            }
            if (folder.list().isEmpty()) folder.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(folder.name() + ": cannot be removed", e);
        }
    }
}
