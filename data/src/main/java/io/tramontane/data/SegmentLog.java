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
 * seconds old when the next one comes. A segment that lies within another's numbers was merged into it and does not count. A
 * number is never overwritten: of two processes that take each other for dead, the second to write one fails.
 */
final class SegmentLog implements AppendLog {
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

    private final StoragePath folder;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private final ByteArrayOutputStream recent = new ByteArrayOutputStream();
    private final ExecutorService deleting = Executors.newSingleThreadExecutor(DaemonThreads.named("log-segments"));
    private int firstRecent;
    private int last;
    private long since;

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
    static void replace(StoragePath file, byte[] content) throws IOException {
        StoragePath folder = folder(file);
        folder.makeFolder();
        int last = segments(folder).stream().mapToInt(Segment::last).max().orElse(0) + 1;
        put(folder, new Segment(1, last), content);
        deleteMerged(folder);
    }

    @Override
    public void append(String lines) throws IOException {
        if (waiting.size() == 0) since = System.nanoTime();
        waiting.writeBytes(lines.getBytes(StandardCharsets.UTF_8));
        if (System.nanoTime() - since > OLD_NANOS) commit();
    }

    @Override
    public void commit() throws IOException {
        if (waiting.size() == 0) return;
        put(folder, new Segment(last + 1, last + 1), waiting.toByteArray());
        last++;
        recent.writeBytes(waiting.toByteArray());
        waiting.reset();
        if (last - firstRecent + 1 >= MERGED) merge();
    }

    /** A few large objects are read faster than many small ones. The small ones are deleted in the background, or when the log is opened again. */
    private void merge() throws IOException {
        put(folder, new Segment(firstRecent, last), recent.toByteArray());
        for (int number = firstRecent; number <= last; number++) {
            StoragePath merged = folder.child(new Segment(number, number).name());
            deleting.submit(() -> {
                merged.delete();
                return null;
            });
        }
        recent.reset();
        firstRecent = last + 1;
    }

    @Override
    public void close() throws IOException {
        commit();
        deleting.shutdown();
    }

    private static void put(StoragePath folder, Segment segment, byte[] content) throws IOException {
        StoragePath object = folder.child(segment.name());
        if (!object.createIfAbsent(content))
            throw new IOException(object.name() + " exists already: another process writes this run");
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
