package io.tramontane.model.tokenizer;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a model's tokenizer, by name. {@code tokenizer.json} is always among them; of a GGUF file, and of a folder in
 * Mistral's own form, it is derived, and the file that it was made of stays beside it. They travel with a run, so that its
 * tasks need no file of the driver's machine.
 *
 * @param where for errors
 * @param files name to bytes; not to be changed
 */
public record TokenizerFiles(String where, Map<String, byte[]> files) implements java.io.Serializable {
    /** Hugging Face's names, then Mistral's; a SentencePiece model has many. */
    private static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "generation_config.json",
            "chat_template.jinja",
            "chat_template.json",
            MistralTokenizer.TEKKEN,
            "SYSTEM_PROMPT.txt");

    private static final long LARGEST = 256L << 20;
    private static final Map<String, Long> LIMITS =
            Map.of(MistralTokenizer.TEKKEN, 64L << 20, "SYSTEM_PROMPT.txt", 1L << 20);
    private static final long LARGEST_MODEL = 16L << 20;

    /** Checks that there is a tokenizer. */
    public TokenizerFiles {
        files = new java.util.TreeMap<>(files);
        if (!files.containsKey("tokenizer.json")) throw new BadInputException(where + ": no tokenizer.json");
    }

    /** Of a model folder, a tokenizer.json or tekken.json in one, or a GGUF file. */
    public static TokenizerFiles of(Path model) {
        if (List.of("tokenizer.json", MistralTokenizer.TEKKEN)
                .contains(model.getFileName().toString())) {
            if (!Files.isRegularFile(model)) throw new BadInputException(model + ": no such file");
            return of(model.toAbsolutePath().getParent());
        }
        if (Files.isRegularFile(model))
            return new TokenizerFiles(model.toString(), GgufTokenizer.files(GgufFile.open(model)));
        if (!areIn(model))
            throw new BadInputException(
                    model.resolve("tokenizer.json") + ": no such file (nor tekken.json, nor a tokenizer.model)");
        Map<String, byte[]> files = new LinkedHashMap<>();
        try {
            for (String name : names(model)) files.put(name, read(model.resolve(name)));
        } catch (IOException e) {
            throw new BadInputException(model + ": the tokenizer cannot be read (" + e.getMessage() + ")");
        }
        if (!files.containsKey("tokenizer.json")) MistralTokenizer.derive(model.toString(), files);
        return new TokenizerFiles(model.toString(), files);
    }

    /** True if a folder holds a tokenizer in one of the forms that are read. */
    public static boolean areIn(Path folder) {
        List<String> names = names(folder);
        return names.contains("tokenizer.json")
                || MistralTokenizer.choose(names).isPresent();
    }

    /** Files in a folder that belong to its tokenizer; of several SentencePiece models the one that counts. */
    public static List<String> names(Path folder) {
        List<String> names = new ArrayList<>(NAMES);
        names.removeIf(name -> !Files.isRegularFile(folder.resolve(name)));
        boolean made = names.contains("tokenizer.json");
        try (Stream<Path> all = Files.list(folder)) {
            List<String> models = all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    // a plain tokenizer.model beside tokenizer.json is that of any family
                    .filter(name -> !made || !name.endsWith(".model"))
                    .toList();
            if (!names.contains(MistralTokenizer.TEKKEN))
                MistralTokenizer.choose(models).ifPresent(names::add);
        } catch (IOException e) {
            throw new BadInputException(folder + ": the folder cannot be read (" + e.getMessage() + ")");
        }
        return names;
    }

    private static byte[] read(Path file) throws IOException {
        String name = file.getFileName().toString();
        long limit = LIMITS.getOrDefault(name, NAMES.contains(name) ? LARGEST : LARGEST_MODEL);
        if (Files.size(file) > limit)
            throw new BadInputException(file + ": " + Files.size(file) + " bytes, allowed " + limit);
        byte[] bytes = Files.readAllBytes(file);
        if (name.equals("SYSTEM_PROMPT.txt")) checkText(file, bytes);
        return bytes;
    }

    private static void checkText(Path file, byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": is not UTF-8");
        }
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
