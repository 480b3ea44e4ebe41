package io.tramontane.cluster.files;

import io.tramontane.data.BadInputException;
import io.tramontane.data.EmptyInputException;
import io.tramontane.data.JsonLines.Line;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/**
 * What the path of an input names: one file; a folder, which is all files in it; or a pattern with {@code *}, {@code ?},
 * {@code [...]} or {@code {...}}, on this machine or on any file system. Several files are read in the order of their names, as
 * if they were one. Names that begin with {@code _} or {@code .} are not read, as Spark and Hadoop have it ({@code _SUCCESS}).
 *
 * @param name what the user calls it
 * @param files at least one
 */
public record Inputs(String name, List<StoragePath> files) {
    /** Copies the list. */
    public Inputs {
        files = List.copyOf(files);
    }

    /** What a path names; a file whose own name has such signs is that file. */
    public static Inputs of(String path) {
        if (path.isBlank()) throw new BadInputException("a path of an input is empty");
        StoragePath place = Storage.path(path);
        if (place.isFolder()) {
            if (place.files().isEmpty()) throw new BadInputException(path + ": the folder holds no files");
            return new Inputs(path, place.files());
        }
        if (!StoragePath.isPattern(path) || place.exists()) return new Inputs(path, List.of(place));
        List<StoragePath> fitting = place.fitting();
        if (fitting.isEmpty()) throw new BadInputException(path + ": no file fits");
        return new Inputs(path, fitting);
    }

    /** The rows of all files; a file without rows is an error only if it is the only one, or if all are. */
    public Rows rows() {
        return files.size() == 1 ? RowForm.read(files.get(0)) : new Joined(this);
    }

    /** A digest of the bytes of all files, in their order. */
    public String digest() {
        return files.stream().map(StoragePath::digest).collect(Collectors.joining(" "));
    }

    /** One file after the other. */
    private static final class Joined implements Rows {
        private final String name;
        private final Iterator<StoragePath> files;
        private Rows current;

        Joined(Inputs inputs) {
            this.name = inputs.name();
            this.files = inputs.files().iterator();
            if (!hasNext())
                throw new EmptyInputException(name + ": all " + inputs.files().size() + " files are empty");
        }

        @Override
        public boolean hasNext() {
            while (current == null || !current.hasNext()) {
                if (!files.hasNext()) return false;
                close();
                current = null;
                try {
                    current = RowForm.read(files.next());
                } catch (EmptyInputException nothing) { // a part of a job that had nothing to write
                }
            }
            return true;
        }

        @Override
        public Line next() {
            if (!hasNext()) throw new NoSuchElementException(name + " has no more rows");
            return current.next();
        }

        @Override
        public void close() {
            if (current != null) current.close();
        }
    }
}
