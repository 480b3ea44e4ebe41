package io.tramontane.rewards;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether the blanks of an expected output are significant. They are
 *
 * <ul>
 *   <li>where lines start with different numbers of blanks, one of them with two or more: drawings. Where a line is more
 *       than numbers, one blank that another line lacks is enough, and two (or a tab) that all have;
 *   <li>where words, or signs, stand more than one blank apart: columns, preformatted text;
 *   <li>where numbers of different lengths stand below each other in columns: tables.
 * </ul>
 *
 * Everything else is how a program happened to print its numbers: {@code 1  2} is {@code 1 2}, and so is a lone number
 * behind sixty blanks, as some contests have it.
 */
final class Layout {
    private static final Pattern TOKEN = Pattern.compile("\\S++");
    private static final Pattern APART = Pattern.compile("\\S\\s{2}");

    private Layout() {}

    /** @param lines without blanks at their ends */
    static boolean isIn(List<String> lines) {
        List<String> filled = lines.stream().filter(line -> !line.isEmpty()).toList();
        IntSummaryStatistics indents = filled.stream().mapToInt(Layout::indent).summaryStatistics();
        List<List<Token>> numbers = new ArrayList<>();
        boolean apart = false;
        for (String line : filled) {
            List<Token> tokens = tokens(line);
            boolean runs = APART.matcher(line).find();
            int indent = indent(line);
            if (tokens.stream().allMatch(Token::isNumber)) {
                numbers.add(tokens);
                apart |= runs || indent > 0;
            } else if (runs || indent > 1 || indent > indents.getMin()) return true;
        }
        boolean shifted = indents.getMax() > 1 && indents.getMax() > indents.getMin();
        return shifted || apart && isTable(numbers);
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
