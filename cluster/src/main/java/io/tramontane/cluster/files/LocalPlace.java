package io.tramontane.cluster.files;

import io.tramontane.data.BadInputException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** A path of this machine. Files are written beside, synced, and renamed. */
record LocalPlace(Path path) implements Place {
    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public InputStream open() {
        try {
            if (Files.isDirectory(path)) throw new BadInputException(path + ": is a folder, must be a file");
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new BadInputException(path + ": no such file");
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    @Override
    public InputFile parquet() {
        return new LocalInputFile(path);
    }

    @Override
    public Place unfinished() {
        return new LocalPlace(path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid()));
    }

    @Override
    public boolean isFolder() {
        return Files.isDirectory(path);
    }

    @Override
    public boolean exists() {
        return Files.exists(path);
    }

    @Override
    public List<Place> files() {
        return LocalFiles.in(path).stream().<Place>map(LocalPlace::new).toList();
    }

    @Override
    public List<Place> fitting() {
        return LocalFiles.fitting(path).stream().<Place>map(LocalPlace::new).toList();
    }

    @Override
    public void checkWritable() {
        if (Files.isDirectory(path)) throw new BadInputException(path + ": is a folder, must be a file");
        if (Files.exists(path) && !Files.isRegularFile(path))
            throw new BadInputException(path + ": is not a regular file and cannot be replaced by one");
        Output.checkFolder(path.toAbsolutePath().getParent(), path.toString());
    }

    @Override
    public AtomicFile create(Place temporary) {
        checkWritable();
        return new Renamed(this, (LocalPlace) temporary);
    }

    @Override
    public Place child(String name) {
        return new LocalPlace(path.resolve(name));
    }

    @Override
    public Place beside(String suffix) {
        return new LocalPlace(path.resolveSibling(path.getFileName() + suffix));
    }

    @Override
    public void makeFolder() throws IOException {
        Files.createDirectories(path);
    }

    @Override
    public List<String> list() throws IOException {
        if (!Files.isDirectory(path)) return List.of();
        try (Stream<Path> inside = Files.list(path)) {
            return inside.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Written under another name first. */
    private static final class Renamed implements AtomicFile {
        private final LocalPlace to;
        private final LocalPlace temporary;
        private final FileOutputStream out;
        private boolean committed;

        Renamed(LocalPlace to, LocalPlace temporary) {
            this.to = to;
            this.temporary = temporary;
            try {
                this.out = new FileOutputStream(temporary.path().toFile());
            } catch (IOException e) {
                throw new BadInputException(to.name() + ": cannot be written (" + e.getMessage() + ")");
            }
        }

        @Override
        public OutputStream stream() {
            return new KeptOpen(out);
        }

        @Override
        public void commit() throws IOException {
            out.getFD().sync();
            out.close();
            Files.move(
                    temporary.path(), to.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            committed = true;
        }

        @Override
        public void close() throws IOException {
            if (committed) return;
            out.close();
            temporary.delete();
        }
    }
}
