package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalPath;
import io.tramontane.data.TemporaryFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Finds a model: the path of a folder in Hugging Face's or in Mistral's own form, of a GGUF file, or "builtin:tiny", which
 * ships with the program and is unpacked.
 */
public final class ModelFolder {
    /** The cold start of the tiny policy. */
    public static final String TINY = "builtin:tiny";

    private static final List<String> FILES =
            List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    private ModelFolder() {}

    /** The folder, or the .gguf file; a missing one is the user's error. */
    public static Path resolve(String model) {
        if (model.equals(TINY)) return unpack();
        if (model.startsWith("builtin:"))
            throw new BadInputException("model " + model + " does not ship with the program, allowed " + TINY);
        Path path = LocalPath.of("model", model);
        if (Files.isDirectory(path) || Files.isRegularFile(path) && model.endsWith(".gguf")) return path;
        throw new BadInputException("model " + model + ": no such folder, nor a .gguf file");
    }

    private static Path unpack() {
        try {
            Path folder = TemporaryFolders.create("tiny").path();
            folder.toFile().deleteOnExit(); // deleted in reverse order: the folder after its files
            for (String name : FILES) {
                try (InputStream in = ModelFolder.class.getResourceAsStream("/tiny/" + name)) {
                    if (in == null)
                        throw new IllegalStateException("resource tiny/" + name + " is missing from the program");
                    Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
                folder.resolve(name).toFile().deleteOnExit();
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("unpacking " + TINY, e);
        }
    }
}
