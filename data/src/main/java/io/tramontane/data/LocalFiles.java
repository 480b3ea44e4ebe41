package io.tramontane.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for files of this machine. */
final class LocalFiles {
    private LocalFiles() {}

    /** Data files in a folder, by name. */
    static List<Path> in(Path folder) {
        return list(folder).stream()
                .filter(file -> Files.isRegularFile(file)
                        && StoragePath.isData(file.getFileName().toString()))
                .toList();
    }

    /** Files that fit a pattern, by name; a folder that fits is its files. */
    static List<Path> fitting(Path pattern) {
        List<Path> found = List.of(pattern.isAbsolute() ? pattern.getRoot() : Path.of(""));
        for (Path part : pattern) found = step(found, part.toString());
        List<Path> files = new ArrayList<>();
        for (Path path : found) {
            if (Files.isDirectory(path)) files.addAll(in(path));
            else files.add(path);
        }
        files.sort(null);
        return files;
    }

    private static List<Path> step(List<Path> folders, String part) {
        List<Path> next = new ArrayList<>();
        for (Path folder : folders) {
            if (!StoragePath.isPattern(part)) {
                if (Files.exists(folder.resolve(part))) next.add(folder.resolve(part));
                continue;
            }
            PathMatcher fits = folder.getFileSystem().getPathMatcher("glob:" + part);
            for (Path path : list(folder))
                if (fits.matches(path.getFileName())
                        && StoragePath.isData(path.getFileName().toString())) next.add(path);
        }
        return next;
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.sorted().toList();
        } catch (IOException e) {
            throw new BadInputException(folder + ": cannot be read (" + e.getMessage() + ")");
        }
    }
}
