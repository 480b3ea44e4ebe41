package io.tramontane.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log for storage without append: the folder {@code events.jsonl.segments} holds numbered objects, and their
 * contents in this order are the log.
 *
 * <pre>
 *  000000001-000000256.jsonl    256 commits, merged
 *  000000257-000000257.jsonl    one commit
 * </pre>
 *
 * Lines are kept in memory until {@code commit}, which writes them as one object (group commit), or until they are five
 * seconds old when the next one comes. What could not be written waits for the next commit, which tries the same number again. A
 * segment that lies within another's numbers was merged into it and does not count. A number is never overwritten: of two
 * processes that take each other for dead, the second to write one fails, and its log takes nothing more.
 */
final class SegmentLog implements AppendLog {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);
    private static final Pattern NAME = Pattern.compile("(\\d{9})-(\\d{9})\\.jsonl");
    private static final int MERGED = 256;
    private static final long OLD_NANOS = 5_000_000_000L;

    /** A segment by its numbers. */
    private record Segment(int first, int last) {
        String name() {
            return String.format(Locale.ROOT, "%09d-%09d.jsonl", first, last);
        }

        boolean within(Segment other) {
            return !equals(other) && other.first <= first && last <= other.last;
        }
    }

    /** Bytes whose end can be taken back. */
    private static final class Waiting extends ByteArrayOutputStream {
        void cut(int size) {
            count = size;
        }
    }

    private final StoragePath folder;
    private final Waiting waiting = new Waiting();
    private final ExecutorService deleting = Executors.newSingleThreadExecutor(DaemonThreads.named("log-segments"));
    private int firstRecent;
    private int last;
    private long since;
    private String broken;

    private SegmentLog(StoragePath folder, int last) {
        this.folder = folder;
        this.last = last;
        this.firstRecent = last + 1;
    }

    private static StoragePath folder(StoragePath file) {
        return file.beside(".segments");
    }

    static SegmentLog open(StoragePath file) throws IOException {
        StoragePath folder = folder(file);
        folder.makeFolder();
        List<Segment> valid = deleteMerged(folder);
        return new SegmentLog(
                folder, valid.isEmpty() ? 0 : valid.get(valid.size() - 1).last());
    }

    static boolean exists(StoragePath file) throws IOException {
        return !segments(folder(file)).isEmpty();
    }

    static String version(StoragePath file) throws IOException {
        List<Segment> valid = valid(segments(folder(file)));
        return valid.get(valid.size() - 1).name() + "-" + valid.size();
    }

    /** All segments as one stream; each is opened when the one before has ended. */
    static InputStream stream(StoragePath file) throws IOException {
        StoragePath folder = folder(file);
        Iterator<Segment> segments = valid(segments(folder)).iterator();
        if (!segments.hasNext()) return new ByteArrayInputStream(new byte[0]);
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return segments.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return folder.child(segments.next().name()).open();
            }
        });
    }

    /** One segment that covers all numbers so far: from the moment it exists, the others do not count. */
    static void replace(StoragePath file, List<String> lines) throws IOException {
        StoragePath folder = folder(file);
        folder.makeFolder();
        int last = segments(folder).stream().mapToInt(Segment::last).max().orElse(0) + 1;
        try (AtomicFile whole = folder.child(new Segment(1, last).name()).create()) {
            for (String line : lines) whole.stream().write(line.getBytes(StandardCharsets.UTF_8));
            whole.commit();
        }
        deleteMerged(folder);
    }

    @Override
    public void append(String lines) throws IOException {
        add(lines, System.nanoTime() - since > OLD_NANOS && waiting.size() > 0);
    }

    @Override
    public void appendCommitted(String lines) throws IOException {
        add(lines, true);
    }

    private void add(String lines, boolean commit) throws IOException {
        checkUsable();
        int before = waiting.size();
        if (before == 0) since = System.nanoTime();
        waiting.writeBytes(lines.getBytes(StandardCharsets.UTF_8));
        if (!commit) return;
        try {
            commit();
        } catch (IOException e) {
            waiting.cut(before);
            throw e;
        }
    }

    private void checkUsable() throws IOException {
        if (broken != null) throw new IOException(broken);
    }

    @Override
    public void commit() throws IOException {
        checkUsable();
        if (waiting.size() == 0) return;
        Segment next = new Segment(last + 1, last + 1);
        StoragePath object = folder.child(next.name());
        if (!object.createIfAbsent(waiting.toByteArray())) {
            broken = object.name() + " exists already: another process writes this run";
            throw new IOException(broken);
        }
        last++;
        waiting.reset();
        if (last - firstRecent + 1 >= MERGED) merge();
    }

    /**
     * A few large objects are read faster than many small ones. The small ones are deleted in the background, or when the log
     * is opened again. When it fails they stay, and the next commit tries again.
     */
    private void merge() {
        try (AtomicFile merged =
                folder.child(new Segment(firstRecent, last).name()).create()) {
            for (int number = firstRecent; number <= last; number++)
                try (InputStream small = small(number).open()) {
                    small.transferTo(merged.stream());
                }
            merged.commit();
        } catch (IOException | RuntimeException e) {
            LOG.warn("segments of {} are not merged now", folder.name(), e);
            return;
        }
        for (int number = firstRecent; number <= last; number++) {
            StoragePath merged = small(number);
            deleting.submit(() -> {
                merged.delete();
                return null;
            });
        }
        firstRecent = last + 1;
    }

    private StoragePath small(int number) {
        return folder.child(new Segment(number, number).name());
    }

    @Override
    public void close() throws IOException {
        try {
            if (broken == null) commit();
        } finally {
            deleting.shutdown();
        }
    }

    private static List<Segment> segments(StoragePath folder) throws IOException {
        List<Segment> found = new ArrayList<>();
        for (String name : folder.list()) {
            Matcher numbers = NAME.matcher(name);
            if (numbers.matches())
                found.add(new Segment(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))));
        }
        return found;
    }

    private static List<Segment> valid(List<Segment> segments) {
        return segments.stream()
                .filter(one -> segments.stream().noneMatch(one::within))
                .sorted((a, b) -> Integer.compare(a.first(), b.first()))
                .toList();
    }

    /** What a killed process has left over; returns the segments that count. */
    private static List<Segment> deleteMerged(StoragePath folder) throws IOException {
        List<Segment> all = segments(folder);
        List<Segment> valid = valid(all);
        for (Segment one : all)
            if (!valid.contains(one)) folder.child(one.name()).delete();
        return valid;
    }
}
