package io.tramontane.data;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Problem files: one problem a line, gzipped if the name ends in {@code .gz}. Errors name file and line. */
public final class ProblemFiles implements Iterator<Problem>, AutoCloseable {
    private final Rows lines;
    private final ProblemMapping mapping = new ProblemMapping();
    private final Map<String, String> seen = new HashMap<>();

    private ProblemFiles(Rows lines) {
        this.lines = lines;
    }

    /** Opens a file to be read problem by problem. */
    public static ProblemFiles open(Path file) {
        return new ProblemFiles(JsonLines.open(file));
    }

    /** The same from rows of any form. */
    public static ProblemFiles open(Rows rows) {
        return new ProblemFiles(rows);
    }

    /** All problems of a file. */
    public static List<Problem> read(Path file) {
        try (ProblemFiles problems = open(file)) {
            List<Problem> all = new ArrayList<>();
            problems.forEachRemaining(all::add);
            return all;
        }
    }

    /** How the fields of the lines so far became ours. */
    public List<String> mapping() {
        return mapping.summary();
    }

    /** Writes a file; it is there as a whole, or not at all. */
    public static void write(Path file, Iterable<Problem> problems) throws IOException {
        writeLines(file, problems, ProblemJson::write);
    }

    /** One value as one line. */
    interface LineForm<T> {
        String of(T value);
    }

    static <T> void writeLines(Path file, Iterable<T> values, LineForm<T> form) throws IOException {
        LocalStorage to = new LocalStorage(file);
        String suffix = Codec.isGzip(file.toString()) ? ".part.gz" : ".part";
        try (AtomicFile whole = to.create(to.beside(suffix))) {
            try (BufferedWriter out = JsonLines.writer(whole.stream(), file)) {
                for (T value : values) out.append(form.of(value)).append('\n');
            }
            whole.commit();
        }
    }

    @Override
    public boolean hasNext() {
        return lines.hasNext();
    }

    @Override
    public Problem next() {
        JsonLines.Line line = lines.next();
        Problem problem = ProblemJson.read(mapping.ours(line.object(), line.where()), line.where());
        String first = seen.putIfAbsent(problem.id(), line.where());
        if (first != null)
            throw new BadInputException(line.where() + ": id \"" + problem.id() + "\" was used before, at " + first);
        return problem;
    }

    @Override
    public void close() {
        lines.close();
    }
}
