package io.tramontane.rewards.math;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Inserts a comma between relations and values that are separated by space only. {@code x=3 \quad x=5} is two assignments, not
 * the chain x = 3x = 5. Wide gaps always separate, line ends and medium gaps only relations, and a plain blank only where
 * a name and a relation sign follow what is a number, or a name that stood there before: {@code A = \frac12 b h = 6} is
 * a chain. Linear in the text but for the brackets before a relation sign.
 */
final class Juxtaposition {
    /** What {@link CleanText} writes for {@code \quad}. */
    static final char WIDE = '\u2001';
    /** What it writes for a line end and {@code \;}. */
    static final char MEDIUM = '\u2000';

    private static final int MAX_GAPS = 200;
    private static final Pattern LINES = Pattern.compile(
            "\\\\(?:begin|end) ?\\{(?:aligned|align\\*?|gathered|gather\\*?|split|eqnarray\\*?|equation\\*?)\\}");
    private static final Pattern CONNECTED = Pattern.compile("(?<![a-zA-Z])(?:or|and|et|ou|und|oder|o)$");
    private static final Pattern CONDITION = Pattern.compile("[=<>]|\\\\(?:in|leq|geq|neq|text)\\b");
    private static final Pattern NO_VARIABLE = Pattern.compile(
            "(?:[^a-zA-Z\\\\]|\\\\(?:frac|sqrt|pi|infty|pm|ldots|cdot)\\b|[ei](?![a-zA-Z])|\\\\[^a-zA-Z])*+");

    private static final Set<String> COMMANDS_OF_RELATIONS =
            Set.of("leq", "geq", "neq", "approx", "equiv", "in", "Rightarrow", "implies", "iff", "to", "sim", "simeq");
    /** Commands that continue what stands before them. */
    private static final Set<String> CONTINUING = Set.of(
            "and",
            "or",
            "cup",
            "cap",
            "setminus",
            "text",
            "pm",
            "mp",
            "mid",
            "bmod",
            "pmod",
            "mod",
            "end",
            "circ",
            "over");

    /** Commands that a name starts with. */
    private static final Set<String> NAMING =
            Set.of("text", "overline", "bar", "hat", "vec", "tilde", "mathbb", "angle", "triangle", "Delta", "odot");

    private final String text;
    private final StringBuilder out;
    /** Ends and starts of the relation signs outside of all brackets, in turn. */
    private final List<int[]> relations = new ArrayList<>();

    private final List<Integer> gaps = new ArrayList<>();
    private final List<Integer> separators = new ArrayList<>();

    private Juxtaposition(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length() + 8);
    }

    /** The text with commas, and every gap as a blank. */
    static String separated(String cleaned) {
        String text = withoutLineEnvironments(cleaned);
        boolean gap = text.indexOf(WIDE) >= 0 || text.indexOf(MEDIUM) >= 0 || text.contains("\\\\");
        if (!gap && text.indexOf('=') < 0) return text;
        Juxtaposition sides = new Juxtaposition(text);
        sides.scan();
        if (!gap && sides.relations.size() < 2) return text;
        return sides.run();
    }

    private static String withoutLineEnvironments(String text) {
        if (!text.contains("\\begin") || !LINES.matcher(text).find()) return text;
        String plain = LINES.matcher(text).replaceAll("");
        return plain.contains("\\begin") ? text : plain.replace("&", "");
    }

    private void scan() {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String command = c == '\\' ? command(i) : "";
            if (c == '(' || c == '[' || c == '{' || text.startsWith("\\{", i) || command.equals("begin")) depth++;
            if (c == ')' || c == ']' || c == '}' || text.startsWith("\\}", i) || command.equals("end"))
                depth = Math.max(0, depth - 1);
            if (depth == 0) mark(i, c, command);
            if (c == '\\') i += Math.max(1, command.length());
        }
    }

    private void mark(int i, char c, String command) {
        boolean sign = c == '=' || c == '<' || c == '>';
        boolean continued = sign && !relations.isEmpty() && relations.get(relations.size() - 1)[1] == i;
        if (continued) relations.get(relations.size() - 1)[1] = i + 1;
        else if (sign) relations.add(new int[] {i, i + 1});
        else if (COMMANDS_OF_RELATIONS.contains(command)) relations.add(new int[] {i, i + 1 + command.length()});
        else if (c == WIDE || c == MEDIUM || text.startsWith("\\\\", i)) gaps.add(i);
        else if (c == ',' || c == ';') separators.add(i);
        else if (command.equals("and") || command.equals("or")) separators.add(i + command.length());
    }

    private String command(int at) {
        int end = at + 1;
        while (end < text.length() && CleanText.isLetter(text.charAt(end))) end++;
        return text.substring(at + 1, end);
    }

    private String run() {
        if (gaps.size() > MAX_GAPS) throw new UndecidableException("more than " + MAX_GAPS + " gaps");
        BitSet cuts = plainCuts();
        BitSet all = new BitSet();
        for (int gap : gaps) {
            all.set(gap);
            if (separates(gap)) cuts.set(gap);
        }
        boolean grouped = !separators.isEmpty() && separators.stream().anyMatch(at -> text.charAt(at) == ',');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean gap = c == WIDE || c == MEDIUM;
            boolean lineEnd = all.get(i) && c == '\\';
            if (cuts.get(i)) out.append(grouped ? "; " : ", ");
            else out.append(gap || lineEnd ? ' ' : c);
            if (lineEnd) i++;
        }
        return out.toString();
    }

    private boolean separates(int gap) {
        int length = text.charAt(gap) == '\\' ? 2 : 1;
        int from = Math.max(before(separators, gap), before(gaps, gap)) + 1;
        int to = Math.min(after(separators, gap), after(gaps, gap));
        String left = bare(text.substring(Math.min(from, gap), gap));
        String right = bare(text.substring(gap + length, Math.max(to, gap + length)));
        if (left.isEmpty() || right.isEmpty() || !endsOperand(left) || !startsOperand(right)) return false;
        if (text.charAt(gap) != MEDIUM && !isCondition(right)) return true;
        return hasRelation(from, gap) && hasRelation(gap + length, to);
    }

    /** {@code (x > 0)} and {@code (c \in \mathbb{R})} behind a gap; {@code (3)} is a value. */
    private static boolean isCondition(String right) {
        return right.charAt(0) == '(' && CONDITION.matcher(right).find();
    }

    private static String bare(String part) {
        return part.replace(WIDE, ' ').replace(MEDIUM, ' ').replace("\\\\", " ").strip();
    }

    private boolean hasRelation(int from, int to) {
        return relations.stream().anyMatch(sign -> sign[0] >= from && sign[0] < to);
    }

    private static int before(List<Integer> places, int at) {
        return places.stream()
                .mapToInt(Integer::intValue)
                .filter(place -> place < at)
                .max()
                .orElse(-1);
    }

    private int after(List<Integer> places, int at) {
        return places.stream()
                .mapToInt(Integer::intValue)
                .filter(place -> place > at + 1)
                .min()
                .orElse(text.length());
    }

    private static boolean endsOperand(String left) {
        char last = left.charAt(left.length() - 1);
        int letters = left.length();
        while (letters > 0 && CleanText.isLetter(left.charAt(letters - 1))) letters--;
        boolean command = letters > 0 && letters < left.length() && left.charAt(letters - 1) == '\\';
        if (command) {
            String name = left.substring(letters);
            return name.equals("circ") || !COMMANDS_OF_RELATIONS.contains(name) && !CONTINUING.contains(name);
        }
        return Character.isLetterOrDigit(last) || ")]}|!%'\u00B0".indexOf(last) >= 0;
    }

    private static boolean startsOperand(String right) {
        char first = right.charAt(0);
        if (first == '-') return right.length() > 1 && right.charAt(1) != ' ';
        if (first != '\\') return Character.isLetterOrDigit(first) || "([{|".indexOf(first) >= 0;
        int end = 1;
        while (end < right.length() && CleanText.isLetter(right.charAt(end))) end++;
        String name = right.substring(1, end);
        return !COMMANDS_OF_RELATIONS.contains(name) && !CONTINUING.contains(name);
    }

    /** Where a plain blank stands before a name and a relation sign that cannot belong to the chain so far. */
    private BitSet plainCuts() {
        BitSet cuts = new BitSet();
        Set<String> heads = new HashSet<>();
        int start = 0;
        int last = -1;
        for (int[] sign : relations) {
            int from = Math.max(before(separators, sign[0]), before(gaps, sign[0])) + 1;
            if (from > start || last < 0) {
                start = Math.max(from, start);
                last = -1;
                heads.clear();
            }
            int head = headBefore(sign[0]);
            String name = text.substring(last < 0 ? start : head, sign[0]).replace(" ", "");
            if (last >= 0
                    && head > last
                    && isCut(
                            head,
                            last,
                            sign[0],
                            heads.contains(name)
                                    || isFunction(name) && heads.stream().anyMatch(Juxtaposition::isFunction))) {
                cuts.set(head - 1);
                start = head;
            }
            heads.add(name);
            last = sign[1];
        }
        return cuts;
    }

    /** {@code \sin A = 0.6 \cos A = 0.8} names two things, while {@code h = 10 \sin A = 6} is a chain. */
    private static boolean isFunction(String name) {
        int end = 1;
        while (end < name.length() && CleanText.isLetter(name.charAt(end))) end++;
        for (int length = Math.min(end, 7); name.startsWith("\\") && length > 2; length--)
            if (Names.FUNCTIONS.contains(name.substring(1, length))) return true;
        return false;
    }

    private boolean isCut(int head, int last, int sign, boolean repeated) {
        if (head == sign || text.charAt(head - 1) != ' ') return false;
        String part = text.substring(last, head).strip();
        if (part.isEmpty() || !endsOperand(part) || CONNECTED.matcher(part).find()) return false;
        if (repeated) return true;
        int letters = part.length();
        while (letters > 0 && CleanText.isLetter(part.charAt(letters - 1))) letters--;
        boolean behindCommand = letters > 0 && letters < part.length() && part.charAt(letters - 1) == '\\';
        boolean order = "<>".indexOf(text.charAt(sign)) >= 0
                || text.startsWith("\\leq", sign)
                || text.startsWith("\\geq", sign);
        boolean function = text.startsWith("\\", head) && isFunction(text.substring(head, sign));
        return !behindCommand
                && !order
                && !function
                && NO_VARIABLE.matcher(part).matches();
    }

    /** Where the name before a relation sign starts: letters, a command, with scripts and arguments; the sign itself else. */
    private int headBefore(int sign) {
        int at = sign;
        while (at > 0 && text.charAt(at - 1) == ' ') at--;
        int end = at;
        for (int steps = 0; steps < 6 && at > 0; steps++) {
            char c = text.charAt(at - 1);
            if (c == '\'') at--;
            else if (c == ')' || c == '}') at = opening(at - 1);
            else if (c == '|') at = Math.max(0, text.lastIndexOf('|', at - 2));
            else if (NumberText.isDigit(c) && at > 1 && "_^".indexOf(text.charAt(at - 2)) >= 0) at--;
            else if (CleanText.isLetter(c)) {
                while (at > 0 && CleanText.isLetter(text.charAt(at - 1))) at--;
                if (at > 0 && text.charAt(at - 1) == '\\') return isNaming(command(at - 1)) ? at - 1 : sign;
                boolean script = at > 0 && "_^".indexOf(text.charAt(at - 1)) >= 0;
                if (!script) return afterFigure(at);
            } else if (c == '_' || c == '^') at--;
            else if (c == ' ' && at < end && text.charAt(at) == '{') at--;
            else break;
        }
        return at < end && text.charAt(at) == '|' ? at : sign;
    }

    private static boolean isNaming(String command) {
        return NAMING.contains(command) || Names.GREEK.contains(command) && !command.equals("pi");
    }

    /** {@code \angle A}, {@code \sin A}: the command belongs to the name. */
    private int afterFigure(int at) {
        int command = text.lastIndexOf('\\', at);
        if (command < 0 || at == 0 || text.charAt(at - 1) != ' ') return at;
        String name = text.substring(command + 1, at - 1);
        return NAMING.contains(name) || Names.FUNCTIONS.contains(name) ? command : at;
    }

    private int opening(int closing) {
        int depth = 0;
        for (int i = closing; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == ')' || c == '}') depth++;
            if ((c == '(' || c == '{') && --depth == 0) return i;
        }
        return 0;
    }
}
