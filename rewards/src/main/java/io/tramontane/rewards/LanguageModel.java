package io.tramontane.rewards;

import com.github.jfasttext.FastTextWrapper.FastTextApi;
import com.github.jfasttext.FastTextWrapper.FloatStringPairVector;
import io.tramontane.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;

/**
 * fastText's language identification model lid.176 (CC-BY-SA 3.0, see lid.176.LICENCE.md beside the model), through
 * jfasttext. One native model per process, loaded before anyone can ask it (asking an empty one kills the JVM) and
 * never unloaded; asking is safe for several threads.
 */
final class LanguageModel {
    private static final String RESOURCE = "lid.176.ftz";
    private static final String SHA256 = "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83";
    private static final String LABEL_PREFIX = "__label__";
    /** Asking for few is faster, and nearly always enough. */
    private static final int A_FEW = 6;

    private static final int ALL_LABELS = 176;

    private final FastTextApi api;

    private LanguageModel(FastTextApi api) {
        this.api = api;
    }

    /** The model of this process; the first call loads it. */
    static LanguageModel shared() {
        return Holder.MODEL;
    }

    private static final class Holder {
        private static final LanguageModel MODEL = load();
    }

    /** One label with its probability. */
    record Guess(String language, double probability) {}

    /** The most probable of some languages; null when the model gives none of them any probability. */
    String best(String words, Set<String> languages) {
        return guesses(words, languages).stream()
                .map(Guess::language)
                .filter(languages::contains)
                .findFirst()
                .orElse(null);
    }

    /**
     * The model's labels, the most probable first.
     *
     * @param words one text without LaTeX, code and line ends
     * @param wanted as many labels as it takes to find one of these, if there is any
     */
    List<Guess> guesses(String words, Set<String> wanted) {
        byte[] line =
                (words + "\n").getBytes(StandardCharsets.UTF_8); // the line end is a token of its own, as in Python
        try (BytePointer pointer = new BytePointer(line.length + 1L)) {
            pointer.put(line, 0, line.length).put(line.length, (byte) 0);
            List<Guess> likely = guesses(pointer, A_FEW);
            if (likely.stream().anyMatch(guess -> wanted.contains(guess.language()))) return likely;
            return guesses(pointer, ALL_LABELS);
        }
    }

    private List<Guess> guesses(BytePointer line, int most) {
        try (FloatStringPairVector labels = api.predictProba(line, most)) {
            List<Guess> guesses = new ArrayList<>();
            for (long i = 0; i < labels.size(); i++)
                guesses.add(new Guess(label(labels, i), Math.exp(labels.first(i)))); // logarithms, most probable first
            return guesses;
        }
    }

    private static String label(FloatStringPairVector labels, long index) {
        try (BytePointer label = labels.second(index)) {
            return label.getString(StandardCharsets.UTF_8).substring(LABEL_PREFIX.length());
        }
    }

    private static LanguageModel load() {
        // JavaCPP otherwise counts the memory of the whole process (the policy's too) against a limit of its own.
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
        try {
            Path file = Files.createTempFile("tramontane-lid", ".ftz");
            try (InputStream resource = LanguageModel.class.getResourceAsStream("/" + RESOURCE)) {
                if (resource == null) throw new IllegalStateException("resource " + RESOURCE + " is missing");
                byte[] bytes = resource.readAllBytes();
                String found = Sha256.of(bytes);
                if (!found.equals(SHA256))
                    throw new IllegalStateException(
                            "resource " + RESOURCE + " has SHA-256 " + found + ", not " + SHA256);
                Files.write(file, bytes);
                FastTextApi api = new FastTextApi();
                api.loadModel(file.toString());
                return new LanguageModel(api);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException cannotUnpack) {
            throw new UncheckedIOException("cannot unpack " + RESOURCE, cannotUnpack);
        }
    }
}
