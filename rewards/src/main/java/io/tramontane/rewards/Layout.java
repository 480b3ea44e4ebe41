package io.tramontane.rewards;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the blanks of an expected output mean something. They do
 *
 * <ul>
 *   <li>where a line starts with two blanks or more, or with a tab; with one blank, where other lines start with none and
 *       the line is more than numbers: figures, indented text;
 *   <li>where words, or signs, stand more than one blank apart: columns, text that was to be kept;
 *   <li>where numbers of different lengths stand below each other in columns: tables.
 * </ul>
 *
 * Everything else is how a program happened to separate its numbers: {@code 1  2} is {@code 1 2}.
 */
final class Layout {
    private static final Pattern TOKEN = Pattern.compile("\\S++");
    private static final Pattern APART = Pattern.compile("\\S\\s{2}");

    private Layout() {}

    /** @param lines without blanks at their ends */
    static boolean isIn(List<String> lines) {
        boolean atMargin = lines.stream().anyMatch(line -> indent(line) == 0 && !line.isEmpty());
        List<List<Token>> numbers = new ArrayList<>();
        boolean apart = false;
        for (String line : lines) {
            int indent = indent(line);
            boolean runs = APART.matcher(line).find();
            if (indent > 1) return true;
            List<Token> tokens = tokens(line);
            boolean onlyNumbers = tokens.stream().allMatch(Token::isNumber);
            if (!onlyNumbers && (runs || indent == 1 && atMargin)) return true;
            if (onlyNumbers && !tokens.isEmpty()) numbers.add(tokens);
            apart |= onlyNumbers && (runs || indent == 1);
        }
        return apart && isTable(numbers);
    }

    private static int indent(String line) {
        int blanks = line.length() - line.stripLeading().length();
        return line.startsWith("\t") ? Math.max(2, blanks) : blanks;
    }

    private record Token(int start, int end, boolean isNumber) {}

    private static List<Token> tokens(String line) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(line);
        while (matcher.find())
            tokens.add(new Token(matcher.start(), matcher.end(), OutputComparator.isNumber(matcher.group())));
        return tokens;
    }

    /** All starts, or all ends, of a column are below each other although that took blanks. */
    private static boolean isTable(List<List<Token>> lines) {
        List<Token> longest =
                lines.stream().reduce((a, b) -> b.size() > a.size() ? b : a).orElse(List.of());
        boolean starts = true;
        boolean ends = true;
        boolean filledUp = false; // a number that is shorter than another one in its column, with something behind it
        boolean filledFront = false;
        for (List<Token> line : lines) {
            for (int column = 0; column < line.size(); column++) {
                Token one = longest.get(column);
                Token other = line.get(column);
                starts &= one.start() == other.start();
                ends &= one.end() == other.end();
                boolean differ = one.end() - one.start() != other.end() - other.start();
                filledFront |= differ;
                filledUp |= differ && column + 1 < line.size();
            }
        }
        return starts && filledUp || ends && filledFront;
    }
}
