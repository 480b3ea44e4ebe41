package io.tramontane.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders for temporary files, {@code tramontane-copy-4026531836-1234-...} in the temporary folder. The two numbers are the
 * namespace of process numbers, which every container has for itself, and the process. A process that is killed leaves its
 * folders; the next one that makes a folder there deletes them.
 *
 * <p>{@code bin/tramontane} gives every process such a folder as its {@code java.io.tmpdir}, so that it holds the temporary files of all
 * libraries, too, and of the executors that the process starts on this machine.
 */
public final class TemporaryFolders {
    private static final Pattern NAME = Pattern.compile("tramontane-[a-z]+-(\\d+)-(\\d+)-.*");
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private TemporaryFolders() {}

    /** A new one; whoever asks deletes it. */
    public static LocalStorage create(String what) throws IOException {
        removeLeft(shared());
        return create(temporary(), what);
    }

    /** The temporary folder of this process; empty where the JVM was started without one, or with that of its parent. */
    public static Optional<Path> ofProcess() {
        Matcher name = NAME.matcher(temporary().getFileName().toString());
        boolean own = name.matches()
                && name.group(2).equals(Long.toString(ProcessHandle.current().pid()));
        return own ? Optional.of(temporary()) : Optional.empty();
    }

    /** The temporary folder of all processes. */
    public static Path shared() {
        Path folder = temporary();
        return NAME.matcher(folder.getFileName().toString()).matches() ? folder.getParent() : folder;
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Deletes what dead processes have left. */
    public static void removeLeft() {
        removeLeft(shared());
    }

    /** Deletes this process's own folder. No hook does so: one that still saves a run needs its files. */
    public static void removeOwn() {
        try {
            if (ofProcess().isPresent()) new LocalStorage(ofProcess().get()).deleteTree();
        } catch (IOException | UncheckedIOException busy) { // somebody writes there still: the next process deletes it
        }
    }

    static LocalStorage create(Path all, String what) throws IOException {
        return new LocalStorage(Files.createTempDirectory(
                all,
                "tramontane-" + what + "-" + namespace() + "-"
                        + ProcessHandle.current().pid() + "-"));
    }

    /** Deletes what processes of this namespace have left that are dead. */
    static void removeLeft(Path all) {
        try (Stream<Path> folders = Files.list(all)) {
            for (Path folder : folders.filter(TemporaryFolders::isLeft).toList()) new LocalStorage(folder).deleteTree();
        } catch (IOException | UncheckedIOException notOurs) { // another user's, or deleted by another process just now
        }
    }

    private static boolean isLeft(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches()
                && name.group(1).equals(namespace())
                && ProcessHandle.of(Long.parseLong(name.group(2))).isEmpty();
    }

    /** 0 where the system has none. */
    private static String namespace() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            List<String> numbers =
                    DIGITS.matcher(link).results().map(found -> found.group()).toList();
            return Optional.of(numbers)
                    .filter(found -> !found.isEmpty())
                    .map(found -> found.get(0))
                    .orElse("0");
        } catch (IOException | UnsupportedOperationException e) {
            return "0";
        }
    }
}
