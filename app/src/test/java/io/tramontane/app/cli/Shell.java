package io.tramontane.app.cli;

import java.util.ArrayList;
import java.util.List;

/** As much of a shell as command lines in documentation need: continued lines, quotes, comments. */
final class Shell {
    private Shell() {}

    /** Commands of a script, one a line; a line that ends with a backslash goes on, and a here-document is not known. */
    static List<String> commands(String script) {
        List<String> commands = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : script.lines().toList()) {
            open.append(line.strip());
            if (line.endsWith("\\")) {
                open.setCharAt(open.length() - 1, ' ');
                continue;
            }
            if (!open.isEmpty()) commands.add(open.toString());
            open.setLength(0);
        }
        return commands;
    }

    /** Words of one command without quotes; a comment ends it. */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : command.toCharArray()) {
            if (quote != 0) {
                if (c == quote) quote = 0;
                else word.append(c);
            } else if (Character.isWhitespace(c)) {
                if (word != null) words.add(word.toString());
                word = null;
            } else if (c == '#' && word == null) {
                return words;
            } else {
                if (word == null) word = new StringBuilder();
                if (c == '\'' || c == '"') quote = c;
                else word.append(c);
            }
        }
        if (word != null) words.add(word.toString());
        return words;
    }
}
