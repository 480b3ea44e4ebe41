package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.StoragePath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The parts that a job must have, known before it starts, and those that it has. */
final class PartBook implements AutoCloseable {
    private final List<Integer> rows = new ArrayList<>();
    private PartFiles files;
    private boolean used;

    /** The next part has so many rows. */
    void add(int count) {
        rows.add(count);
    }

    /** Looks for what an earlier run has left. */
    void open(StoragePath out, String key) {
        files = PartFiles.open(out, key);
    }

    PartFiles files() {
        return files;
    }

    /** Rows of all parts. */
    long rows() {
        return rows.stream().mapToLong(Integer::longValue).sum();
    }

    /** Rows of the parts that are there. */
    long finishedRows() {
        return IntStream.range(0, rows.size())
                .filter(files::has)
                .mapToLong(rows::get)
                .sum();
    }

    boolean complete() {
        return files.count() == rows.size();
    }

    /** All lines of all parts, in order. */
    void read(Consumer<ObjectNode> sink) {
        for (int part = 0; part < rows.size(); part++) {
            int[] found = new int[1];
            files.read(part, row -> {
                sink.accept(row);
                found[0]++;
            });
            if (found[0] != rows.get(part))
                throw new IllegalStateException(files.where() + ": part " + part + " has " + found[0]
                        + " lines, must have " + rows.get(part) + "; remove the folder");
        }
    }

    /** The output is complete: the parts are of no use any more. */
    void used() {
        used = true;
    }

    /** What is kept for a later run, as a sentence; empty when nothing is. */
    String kept() {
        if (used || files == null || files.count() == 0) return "";
        return files.count() + " of " + rows.size() + " parts are finished and kept in " + files.where()
                + "; the same command goes on from there";
    }

    /** Removes the parts, unless they are worth keeping. */
    @Override
    public void close() {
        if (files != null && kept().isEmpty()) files.delete();
    }
}
