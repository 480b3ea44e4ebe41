package io.tramontane.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation: its blocks of code, fenced or indented by four blanks.
 *
 * @param file the page
 * @param blocks in their order
 */
record Markdown(Path file, List<Block> blocks) {
    static final Path ROOT = Path.of(System.getProperty("tramontane.root"));

    /**
     * A block of code.
     *
     * @param language first word behind the fence; empty for an indented block
     * @param name second word, a file's name or the kind of the lines; may be empty
     * @param line of the page on which its text begins, from 1
     */
    record Block(String language, String name, String text, int line) {}

    /** README, CONTRIBUTING and all of docs. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"));
                Stream<Path> top = Files.list(ROOT)) {
            return Stream.concat(top, docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    static Markdown read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int from = i + 1;
            if (line.startsWith("```")) {
                while (!lines.get(++i).equals("```")) {}
                String[] words = (line.substring(3).strip() + "  ").split(" ", 2);
                blocks.add(new Block(words[0], words[1].strip(), text(lines.subList(from, i), 0), from + 1));
            } else if (line.startsWith("    ")) {
                while (i < lines.size() && lines.get(i).startsWith("    ")) i++;
                blocks.add(new Block("", "", text(lines.subList(from - 1, i), 4), from));
            }
        }
        return new Markdown(file, blocks);
    }

    private static String text(List<String> lines, int indent) {
        return lines.stream().map(line -> line.substring(indent) + "\n").collect(Collectors.joining());
    }

    /** Lines of the blocks of one kind, as {@code jsonl problems}. */
    List<String> lines(String language, String name) {
        return blocks.stream()
                .filter(block ->
                        block.language().equals(language) && block.name().equals(name))
                .flatMap(block -> block.text().lines())
                .toList();
    }
}
