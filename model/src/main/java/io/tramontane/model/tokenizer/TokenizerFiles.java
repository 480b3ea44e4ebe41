package io.tramontane.model.tokenizer;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a model's tokenizer, by name. {@code tokenizer.json} is always among them; of a GGUF file they
 * are derived. They travel with a run, so that its tasks need no file of the driver's machine.
 *
 * @param where for errors
 * @param files name to bytes; not to be changed
 */
public record TokenizerFiles(String where, Map<String, byte[]> files) implements java.io.Serializable {
    /** Hugging Face's names. */
    public static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "chat_template.jinja",
            "chat_template.json");

    private static final long LARGEST = 256L << 20;

    /** Checks that there is a tokenizer. */
    public TokenizerFiles {
        files = new java.util.TreeMap<>(files);
        if (!files.containsKey("tokenizer.json")) throw new BadInputException(where + ": no tokenizer.json");
    }

    /** Of a model folder, a tokenizer.json in one, or a GGUF file. */
    public static TokenizerFiles of(Path model) {
        if (model.getFileName().toString().equals("tokenizer.json")) {
            if (!Files.isRegularFile(model)) throw new BadInputException(model + ": no such file");
            return of(model.toAbsolutePath().getParent());
        }
        if (Files.isRegularFile(model))
            return new TokenizerFiles(model.toString(), GgufTokenizer.files(GgufFile.open(model)));
        if (!Files.isRegularFile(model.resolve("tokenizer.json")))
            throw new BadInputException(model.resolve("tokenizer.json") + ": no such file");
        Map<String, byte[]> files = new LinkedHashMap<>();
        try {
            for (String name : NAMES) {
                Path file = model.resolve(name);
                if (!Files.isRegularFile(file)) continue;
                if (Files.size(file) > LARGEST)
                    throw new BadInputException(file + ": " + Files.size(file) + " bytes, allowed " + LARGEST);
                files.put(name, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new BadInputException(model + ": the tokenizer cannot be read (" + e.getMessage() + ")");
        }
        return new TokenizerFiles(model.toString(), files);
    }

    /** Refuses a tokenizer with ids for which a model has no embedding, naming the token. Parses tokenizer.json: call it once. */
    public void checkFits(int vocabulary) {
        new TokenizerJson(this).checkFits(vocabulary);
    }

    /** Writes them into a folder; returns the path of tokenizer.json. */
    public Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, byte[]> file : files.entrySet())
                Files.write(folder.resolve(file.getKey()), file.getValue());
            return folder.resolve("tokenizer.json");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the tokenizer to " + folder, e);
        }
    }
}
