package io.tramontane.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A command line in the documentation.
 *
 * @param where page and line
 * @param words behind bin/tramontane
 */
record DocCommand(String where, List<String> words) {
    private static final Pattern INLINE = Pattern.compile("`(?:bin/)?tramontane ([^`]+)`");

    /** Those of all pages, and of the examples below {@code --help}. */
    static List<DocCommand> all() throws IOException {
        List<DocCommand> found = new ArrayList<>();
        for (Path page : Markdown.pages()) {
            String name = Markdown.ROOT.relativize(page).toString();
            for (Markdown.Block block : Markdown.read(page).blocks())
                for (String command : Shell.commands(block.text()))
                    add(name + ":" + block.line(), Shell.words(command), found);
            Matcher inline = INLINE.matcher(java.nio.file.Files.readString(page));
            while (inline.find()) found.add(new DocCommand(name, known(Shell.words(inline.group(1)))));
        }
        examples(new CommandLine(new Tramontane()), found);
        return found;
    }

    private static void add(String where, List<String> words, List<DocCommand> found) {
        int at = words.indexOf("bin/tramontane") + 1;
        for (int i = 0; i < words.size(); i++)
            if (words.get(i).matches(".*tramontane-(job|cluster)-[\\d.]+\\.jar")) at = i + 1;
        if (at > 0) found.add(new DocCommand(where, known(words.subList(at, words.size()))));
    }

    /** A synopsis as a command: what is in brackets is there, and numbers are 1. */
    private static List<String> known(List<String> words) {
        boolean synopsis = words.stream().anyMatch(word -> word.startsWith("[--"));
        if (!synopsis) return List.copyOf(words);
        return words.stream()
                .map(word -> word.replaceAll("^\\[|]$", "").replaceAll("^N$", "1"))
                .toList();
    }

    private static void examples(CommandLine command, List<DocCommand> found) {
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            Matcher example =
                    Pattern.compile("^(?:Examples?:)?\\s+tramontane (.*)").matcher(line);
            if (example.find())
                found.add(new DocCommand(
                        command.getCommandSpec().qualifiedName() + " --help",
                        Arrays.asList(example.group(1).strip().split(" "))));
        }
        for (CommandLine inner : command.getSubcommands().values()) examples(inner, found);
    }

    String text() {
        return String.join(" ", words);
    }
}
