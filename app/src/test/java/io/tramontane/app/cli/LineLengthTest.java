package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines of pages and scripts have at most 140 characters. The formatter sees to those of Java, at 120. */
class LineLengthTest {
    private static final int LIMIT = 140;
    private static final String SCRIPTS = "bin/.*|tools/.*\\.py|conf/.*\\.yaml|model/src/main/resources/policy/.*\\.py";

    @Test
    void noLineIsLongerThanTheLimit() throws IOException {
        List<String> tooLong = new ArrayList<>();
        List<Path> files = new ArrayList<>(Markdown.pages());
        for (String folder : List.of("bin", "tools", "conf", "model/src/main/resources/policy"))
            files.addAll(scripts(folder));
        for (Path file : files) tooLong.addAll(longLines(name(file), Files.readAllLines(file)));
        assertEquals(List.of(), tooLong);
        assertTrue(files.size() > 30, files.size() + " files");
    }

    @Test
    void aLongLineIsNamedButAnAddressAloneAndALineOfJsonMayBeLong() {
        String words = "word ".repeat(29);
        assertEquals(145, words.length());
        assertEquals(List.of("a.md:2: 145"), longLines("a.md", List.of("x", words)));
        assertEquals(List.of(), longLines("a.md", List.of("x".repeat(140), "  https://" + "x".repeat(140))));
        assertEquals(List.of(), longLines("a.md", List.of("```jsonl problems", words, "```")));
        assertEquals(List.of("a.md:4: 145"), longLines("a.md", List.of("```jsonl problems", words, "```", words)));
    }

    private static List<Path> scripts(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Markdown.ROOT.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> name(file).matches(SCRIPTS))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path file) {
        return Markdown.ROOT.relativize(file).toString();
    }

    /** Lines above the limit, as name:line: length. An object of JSON lines stands in one line, however long it is. */
    private static List<String> longLines(String name, List<String> lines) {
        List<String> found = new ArrayList<>();
        boolean json = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("```")) json = line.startsWith("```jsonl");
            int length = line.codePointCount(0, line.length());
            if (length > LIMIT && !json && !line.strip().matches("https?://\\S+"))
                found.add(name + ":" + (i + 1) + ": " + length);
        }
        return found;
    }
}
