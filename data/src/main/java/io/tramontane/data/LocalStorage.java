package io.tramontane.data;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A path of this machine. Files are written beside, synced, and renamed. */
public record LocalStorage(Path path) implements StoragePath {
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
    public String fileName() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public Path local() {
        return path;
    }

    @Override
    public OutputStream write() throws IOException {
        return new FileOutputStream(path.toFile());
    }

    @Override
    public boolean createIfAbsent(byte[] content) throws IOException {
        try {
            Files.write(path, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) { // half of it, perhaps
            Files.deleteIfExists(path);
            throw e;
        }
    }

    @Override
    public StoragePath unfinished() {
        return new LocalStorage(path.resolveSibling(
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
    public List<StoragePath> files() {
        return LocalFiles.in(path).stream().<StoragePath>map(LocalStorage::new).toList();
    }

    @Override
    public List<StoragePath> fitting() {
        return LocalFiles.fitting(path).stream()
                .<StoragePath>map(LocalStorage::new)
                .toList();
    }

    @Override
    public void checkWritable() {
        if (Files.isDirectory(path)) throw new BadInputException(path + ": is a folder, must be a file");
        if (Files.exists(path) && !Files.isRegularFile(path))
            throw new BadInputException(path + ": is not a regular file and cannot be replaced by one");
        checkFolder(path.toAbsolutePath().getParent(), path.toString());
    }

    /** Checks by a trial that a file can be made in a folder: on a read-only file system the access rights are not enough. */
    public static void checkFolder(Path folder, String what) {
        if (!Files.isDirectory(folder)) throw new BadInputException(what + ": folder " + folder + " does not exist");
        try {
            Files.delete(Files.createTempFile(folder, ".tramontane", ""));
        } catch (IOException | UnsupportedOperationException e) {
            throw new BadInputException(what + ": folder " + folder + " is not writable");
        }
    }

    @Override
    public AtomicFile create(StoragePath temporary) {
        checkWritable();
        return new Renamed(this, (LocalStorage) temporary);
    }

    @Override
    public StoragePath child(String name) {
        return new LocalStorage(path.resolve(name));
    }

    @Override
    public StoragePath beside(String suffix) {
        return new LocalStorage(path.resolveSibling(path.getFileName() + suffix));
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

    @Override
    public void deleteTree() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }

    /** Everything that was written here is on the disk when this returns: a file, or a folder with all that is in it. */
    public void sync() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) syncOne(each);
        }
    }

    /** The same for a file, or for the names in a folder. */
    public static void syncOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            if (!Files.isDirectory(path)) throw e; // some systems open no folder
        }
    }

    /** Gives this file or folder another name in the same folder; a file of that name is replaced. */
    public void rename(LocalStorage to) throws IOException {
        Files.move(path, to.path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Not synced: what is written this way can be made again. */
    @Override
    public void replace(byte[] content) throws IOException {
        LocalStorage part = new LocalStorage(path.resolveSibling(path.getFileName() + ".part"));
        Files.write(part.path, content);
        part.rename(this);
    }

    /** Written under another name first. */
    private static final class Renamed implements AtomicFile {
        private final LocalStorage to;
        private final LocalStorage temporary;
        private final FileOutputStream out;
        private boolean committed;

        Renamed(LocalStorage to, LocalStorage temporary) {
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
            temporary.rename(to);
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
