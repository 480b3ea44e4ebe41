package io.tramontane.model;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps measured times, one file for each kind of processor, version of PyTorch, shape of matrices and type, beside the native libraries
 * in DJL's cache. The first process that measures writes it and all others read it, so that the processes of a run, and of one
 * that is resumed, choose the same layouts and so compute the same bits. Where no file can be made nothing is measured.
 */
final class LayoutFile {
    private final Path file;

    LayoutFile(Path folder, String name) {
        this.file = folder.resolve(name.replaceAll("[^A-Za-z0-9.]+", "-") + ".txt");
    }

    /** For a policy on this machine. */
    static LayoutFile of(Policy policy) {
        PolicyConfig shape = policy.config();
        String name = String.join(
                " ",
                processor(),
                Engine.getEngine("PyTorch").getVersion(),
                shape.layers() + "x" + shape.hidden() + "x" + shape.width(),
                policy.half() ? "bfloat16" : "float32");
        return new LayoutFile(Utils.getCacheDir().resolve("tramontane-layouts"), name);
    }

    /** The processor's name and its numbers, on Linux; elsewhere the architecture alone. */
    private static String processor() {
        String architecture = System.getProperty("os.arch");
        if (Processor.lines().isEmpty()) return architecture;
        return Processor.lines().stream()
                        .takeWhile(line -> !line.isBlank())
                        .filter(line -> line.matches("(model name|cpu family|model|stepping)\\s*:.*"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .collect(Collectors.joining(" "))
                + " " + architecture;
    }

    /** What the file says; if there is none, what is measured now, or what another process has written meanwhile. */
    Optional<LayoutTimes> timesOr(Supplier<LayoutTimes> measured) {
        try {
            if (!Files.exists(file)) write(measured);
            return Optional.of(LayoutTimes.of(Files.readString(file)));
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** A link to a whole file: it fails if there is one, and nobody reads a half. */
    private void write(Supplier<LayoutTimes> measured) throws IOException {
        Files.createDirectories(file.getParent());
        Path whole = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.writeString(whole, measured.get().text());
            if (!Files.exists(file)) Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            return; // another process was first
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
