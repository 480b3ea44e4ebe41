package io.tramontane.cluster.files;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Codec;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a command writes, checked before it works: what cannot be written in the end shall not cost hours first.
 *
 * @param option how the user said it, {@code --out}
 * @param path what the user said
 */
public record Output(String option, String path) {
    /**
     * A file that does not exist, or a regular file that is none of the inputs: it is replaced when the new one is complete.
     *
     * @param inputs paths that the command reads, patterns and folders among them
     */
    public void checkFile(List<String> inputs) {
        if (path.isBlank()) throw bad("is empty, must be a file");
        Codec.check(path);
        if (path.endsWith("/")) throw bad("ends in /, must be a file");
        StoragePath place = Storage.path(path);
        place.checkWritable();
        for (String input : inputs) {
            if (Storage.path(input).isRemote() || place.isRemote()) {
                if (input.equals(path)) throw bad("is an input, too: " + input);
            } else checkOther(Path.of(path), Path.of(input), input);
        }
    }

    /** A later run would read its own output. */
    private void checkOther(Path out, Path input, String named) {
        if (same(out, input)) throw bad("is the same file as the input " + named);
        Path folder = out.toAbsolutePath().normalize().getParent();
        if (Files.isDirectory(input) && same(folder, input)) throw bad("lies in the folder of inputs " + named);
        if (!StoragePath.isPattern(named) || Files.exists(input)) return;
        String pattern = input.toAbsolutePath().normalize().toString();
        if (FileSystems.getDefault()
                .getPathMatcher("glob:" + pattern)
                .matches(out.toAbsolutePath().normalize())) throw bad("fits the pattern of inputs " + named);
    }

    /** The inputs of a command that reads a file and a model: a model that is one file must not be overwritten either. */
    public static List<String> inputs(String file, String model) {
        return Files.isRegularFile(Path.of(model)) ? List.of(file, model) : List.of(file);
    }

    /** A line for a person when a file is going to be replaced. */
    public Optional<String> replaces() {
        if (Storage.path(path).isRemote() || !Files.exists(Path.of(path))) return Optional.empty();
        return Optional.of(path + " exists and is replaced when the new one is complete");
    }

    /** A folder that does not exist, in one that does and can be written. */
    public void checkNewFolder() {
        if (path.isBlank()) throw bad("is empty, must be a folder");
        if (path.matches("[a-zA-Z][a-zA-Z0-9+.-]+:/.*")) // a Path has lost one of the two slashes
        throw bad("has a scheme, must be a folder of this machine");
        Path folder = Path.of(path);
        if (Files.exists(folder)) throw bad("exists already, name a new folder");
        LocalStorage.checkFolder(folder.toAbsolutePath().normalize().getParent(), option + " " + path);
    }

    private static boolean same(Path a, Path b) {
        try {
            if (Files.exists(a) && Files.exists(b)) return Files.isSameFile(a, b);
        } catch (IOException unknown) { // then by name
        }
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    private BadInputException bad(String what) {
        return new BadInputException(option + " " + path + ": " + what);
    }
}
