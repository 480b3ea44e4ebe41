package io.tramontane.cluster;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder of the model that a user names: a path, or a cold start that ships inside the program. */
public final class ModelFolder {
    private static final String BUILTIN = "builtin:";
    private static final List<String> FILES =
            List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    private ModelFolder() {}

    /**
     * A folder in Hugging Face form.
     *
     * @param model a path, or "builtin:tiny", which is unpacked into a temporary folder that ends with the process
     */
    public static Path of(String model) {
        if (model.startsWith(BUILTIN)) return unpack(model.substring(BUILTIN.length()));
        Path folder = Path.of(model);
        if (!Files.isDirectory(folder)) throw new BadInputException("model " + model + ": no such folder");
        for (String file : FILES)
            if (!Files.isRegularFile(folder.resolve(file)))
                throw new BadInputException("model " + model + ": " + file + " is missing, needed are " + FILES);
        return folder;
    }

    private static Path unpack(String name) {
        try {
            Path folder = Files.createTempDirectory("tramontane-" + name);
            folder.toFile().deleteOnExit();
            for (String file : FILES) {
                try (InputStream in = ModelFolder.class.getResourceAsStream("/" + name + "/" + file)) {
                    if (in == null)
                        throw new BadInputException(
                                "model " + BUILTIN + name + ": no such model in the program, allowed builtin:tiny");
                    Path copy = folder.resolve(file);
                    Files.copy(in, copy);
                    copy.toFile().deleteOnExit();
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + BUILTIN + name, e);
        }
    }
}
