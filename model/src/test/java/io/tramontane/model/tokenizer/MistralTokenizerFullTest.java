package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The real tokenizers of Mistral's models against mistral-common; the files are made by tools/tekken_fixture.py. */
@EnabledIfSystemProperty(named = "tramontane.tokenizers", matches = ".+", disabledReason = "needs the real files")
class MistralTokenizerFullTest {
    @Test
    void idsAreThoseOfMistralCommon() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("tramontane.tokenizers")))) {
            folders = all.sorted().toList();
        }
        assertTrue(!folders.isEmpty());
        int differences = 0;
        for (Path folder : folders) {
            long start = System.nanoTime();
            TokenizerFiles files = TokenizerFiles.of(folder);
            long read = System.nanoTime();
            try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files)) {
                long open = System.nanoTime();
                MistralCases cases = MistralCases.of(folder, tokenizer);
                System.out.printf(
                        "%s: derived in %d ms, opened in %d ms, %d texts of %.1f MB, %d sequences, %d differences%n",
                        folder.getFileName(),
                        (read - start) / 1_000_000,
                        (open - read) / 1_000_000,
                        cases.encoded,
                        cases.bytes / 1e6,
                        cases.decoded,
                        cases.differences.size());
                cases.differences.stream().limit(15).forEach(System.out::println);
                differences += cases.differences.size();
            }
        }
        assertEquals(0, differences);
    }
}
