package io.tramontane.rewards.math;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Normalises an answer before it is parsed: no sizes, spacing commands, colours, dollar signs or final full
 * stops; one name for what has several ({@code \dfrac}, {@code \le}); {@code \text{}} only around real words; Unicode
 * mathematics as LaTeX. Linear in the text.
 */
final class CleanText {
    static final int MAX_LENGTH = 4000;
    private static final Pattern BLANKS = Pattern.compile(" {2,}");
    private static final Pattern BUILDER = Pattern.compile("\\{ ?[a-zA-Z] ?(?:\\||:|\\\\mid )");
    private static final Pattern EMPTY_ROOT = Pattern.compile("\\\\sqrt *\\{ *\\} *([{0-9])");
    /** What Markdown and quotation put around an answer: the first half of each opens it. */
    private static final String[] WRAPPINGS = {
        "****", "**", "____", "\"\"", "''", "``", "\u201C\u201D", "\u2018\u2019", "``''", "\u00AB\u00BB"
    };
    /** Signs before the whole answer. */
    private static final Pattern LEADING =
            Pattern.compile("(?:\\\\(?:approx|simeq|Rightarrow|implies|therefore|iff) ?|=> ?)++");

    private static final Pattern OPEN_BRACE = Pattern.compile("\\\\left\\s*\\\\(?:\\{|lbrace)\\s*\\\\begin");

    private static final Set<String> INVISIBLE = Set.of(
            "left",
            "right",
            "big",
            "Big",
            "bigg",
            "Bigg",
            "bigl",
            "bigr",
            "Bigl",
            "Bigr",
            "biggl",
            "biggr",
            "Biggl",
            "Biggr",
            "middle",
            "displaystyle",
            "textstyle",
            "scriptstyle",
            "limits",
            "nolimits",
            "rm",
            "bf",
            "it",
            "boxed",
            "fbox",
            "underline",
            "ensuremath",
            "mathit",
            "mathcal",
            "mathscr",
            "boldsymbol",
            "bm",
            "mathstrut",
            "strut",
            "noindent",
            "centering",
            "large",
            "Large",
            "normalsize",
            "bold",
            "pmb");
    private static final Set<String> BLANK = Set.of("thinspace", "enspace", "space", "medspace", "thickspace", "hline");
    private static final Set<String> WIDE = Set.of("quad", "qquad", "newline", "hspace", "hfill", "par");
    private static final Set<String> WITH_ARGUMENT =
            Set.of("vspace", "phantom", "hphantom", "vphantom", "label", "tag", "color", "textcolor", "hskip");
    static final Set<String> TEXT = Set.of(
            "text",
            "textrm",
            "textbf",
            "textit",
            "textnormal",
            "textsf",
            "texttt",
            "textup",
            "emph",
            "mbox",
            "hbox",
            "mathrm",
            "operatorname",
            "mathtt",
            "mathbf",
            "mathsf",
            "mathop");
    private static final Map<String, String> SPELLINGS = Map.ofEntries(
            Map.entry("dfrac", "\\frac "),
            Map.entry("tfrac", "\\frac "),
            Map.entry("cfrac", "\\frac "),
            Map.entry("dbinom", "\\binom "),
            Map.entry("tbinom", "\\binom "),
            Map.entry("le", "\\leq "),
            Map.entry("leqslant", "\\leq "),
            Map.entry("leqq", "\\leq "),
            Map.entry("ge", "\\geq "),
            Map.entry("geqslant", "\\geq "),
            Map.entry("geqq", "\\geq "),
            Map.entry("ne", "\\neq "),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("cdot", "*"),
            Map.entry("times", "*"),
            Map.entry("ast", "*"),
            Map.entry("bullet", "*"),
            Map.entry("centerdot", "*"),
            Map.entry("div", "/"),
            Map.entry("lbrace", "\\{"),
            Map.entry("rbrace", "\\}"),
            Map.entry("lbrack", "["),
            Map.entry("rbrack", "]"),
            Map.entry("lparen", "("),
            Map.entry("rparen", ")"),
            Map.entry("vert", "|"),
            Map.entry("lvert", "|"),
            Map.entry("rvert", "|"),
            Map.entry("Vert", "\\|"),
            Map.entry("lVert", "\\|"),
            Map.entry("rVert", "\\|"),
            Map.entry("colon", ":"),
            Map.entry("degree", "\u00B0"),
            Map.entry("textdegree", "\u00B0"),
            Map.entry("dots", "\\ldots "),
            Map.entry("cdots", "\\ldots "),
            Map.entry("dotsc", "\\ldots "),
            Map.entry("land", " \\and "),
            Map.entry("wedge", " \\and "),
            Map.entry("lor", " \\or "),
            Map.entry("vee", " \\or "),
            Map.entry("prime", "'"),
            Map.entry("backslash", "\\setminus "),
            Map.entry("emptyset", "\\varnothing "),
            Map.entry("euro", "\u20AC"),
            Map.entry("pounds", "\u00A3"),
            Map.entry("percent", "%"));

    private final String raw;
    private final StringBuilder out;
    private int at;

    private CleanText(String raw) {
        this.raw = raw;
        this.out = new StringBuilder(raw.length());
    }

    static String of(String raw) {
        if (raw.length() > MAX_LENGTH) throw new UndecidableException("longer than " + MAX_LENGTH + " characters");
        String unwrapped = withoutWrapping(raw);
        String text = new CleanText(withoutOpenBrace(UnitText.upright(singleBackslashes(unwrapped)))).run();
        String spaced = text.contains("  ") ? BLANKS.matcher(text).replaceAll(" ") : text;
        return finished(Juxtaposition.separated(UnitText.temperatures(spaced)));
    }

    /** {@code **73**}, {@code "3.14"}, and the empty group in {@code \sqrt{}{3}}. */
    private static String withoutWrapping(String raw) {
        String text = raw.strip();
        for (boolean again = true; again; ) {
            again = false;
            for (String pair : WRAPPINGS) {
                String open = pair.substring(0, pair.length() / 2);
                String close = pair.substring(pair.length() / 2);
                int end = text.length() - close.length();
                boolean wrapped = end > open.length() && text.startsWith(open) && text.endsWith(close);
                if (!wrapped || text.indexOf(open, open.length()) != (open.equals(close) ? end : -1)) continue;
                text = text.substring(open.length(), end).strip();
                again = true;
            }
        }
        return text.contains("\\sqrt") ? EMPTY_ROOT.matcher(text).replaceAll("\\\\sqrt$1") : text;
    }

    /** {@code \left\{ \begin{array}...\end{array} \right.}: a brace that is never closed only holds a system together. */
    private static String withoutOpenBrace(String raw) {
        return raw.contains("\\right.") ? OPEN_BRACE.matcher(raw).replaceAll("\\\\begin") : raw;
    }

    /** {@code \\frac} where a file was escaped once too often. In a matrix only if every command looks like that. */
    private static String singleBackslashes(String raw) {
        boolean matrix = raw.contains("\\begin");
        if (matrix && !raw.contains("\\\\begin")) return raw;
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            boolean pair = raw.startsWith("\\\\", i) && i + 2 < raw.length();
            boolean command = pair && (startsCommand(raw, i + 2) || "{}%$,!;:\\".indexOf(raw.charAt(i + 2)) >= 0);
            if (command && (matrix || raw.charAt(i + 2) != '\\')) i++;
            text.append(raw.charAt(i));
            if (command && matrix && raw.charAt(i + 1) == '\\') text.append(raw.charAt(++i));
        }
        return text.toString();
    }

    /** Letters of a command, and not the one letter of a name at the start of a line. */
    private static boolean startsCommand(String raw, int at) {
        if (!Character.isLetter(raw.charAt(at))) return false;
        return raw.charAt(at) == 'R' || at + 1 < raw.length() && Character.isLetter(raw.charAt(at + 1));
    }

    private static String finished(String text) {
        String trimmed = text.strip();
        if (trimmed.contains("  ")) trimmed = BLANKS.matcher(trimmed).replaceAll(" ");
        while (!trimmed.isEmpty() && ".,;:=".indexOf(trimmed.charAt(0)) >= 0 && !startsWithDecimal(trimmed))
            trimmed = trimmed.substring(1).strip();
        Matcher leading = LEADING.matcher(trimmed);
        if (leading.lookingAt()) trimmed = trimmed.substring(leading.end()).strip();
        while (!trimmed.isEmpty() && ".,;:\\".indexOf(trimmed.charAt(trimmed.length() - 1)) >= 0)
            trimmed = trimmed.substring(0, trimmed.length() - 1).strip();
        boolean builder = BUILDER.matcher(trimmed).lookingAt() && closingBrace(trimmed, 0) == trimmed.length() - 1;
        return builder ? "\\" + trimmed.substring(0, trimmed.length() - 1) + "\\}" : trimmed;
    }

    private static boolean startsWithDecimal(String text) {
        return text.length() > 1 && text.charAt(0) == '.' && Character.isDigit(text.charAt(1));
    }

    private String run() {
        while (at < raw.length()) {
            char c = raw.charAt(at);
            if (c == '\\') command();
            else if (raw.startsWith("{,}", at)) copy("{,}", 3);
            else if (raw.startsWith(",\\!", at)) separator();
            else if (raw.startsWith("{ }", at) || raw.startsWith("{\\,}", at)) copy(" ", raw.indexOf('}', at) + 1 - at);
            else if (raw.startsWith("{}", at) && isOperand()) at += 2;
            else if (raw.startsWith("...", at)) copy("\\ldots ", 3);
            else {
                at++;
                if (c == '\n') out.append(Juxtaposition.MEDIUM);
                else if (c != '$') out.append(Symbols.latex(c));
            }
        }
        return out.toString();
    }

    /** Whether a letter, digit or bracket stands before this place, so that empty braces have no meaning. */
    private boolean isOperand() {
        int last = out.length() - 1;
        return last >= 0 && (Character.isLetterOrDigit(out.charAt(last)) || ")}]".indexOf(out.charAt(last)) >= 0);
    }

    /** {@code 1,\! 000}. */
    private void separator() {
        copy("{,}", 3);
        while (at < raw.length() && raw.charAt(at) == ' ') at++;
    }

    private void copy(String text, int length) {
        out.append(text);
        at += length;
    }

    private void command() {
        int end = at + 1;
        if (end >= raw.length()) {
            at = end;
            return;
        }
        if (!isLetter(raw.charAt(end))) {
            sign(raw.charAt(end));
            return;
        }
        while (end < raw.length() && isLetter(raw.charAt(end))) end++;
        String name = raw.substring(at + 1, end);
        at = end;
        if (name.equals("left") || name.equals("right")) skipEmptyDelimiter();
        else if (BLANK.contains(name)) out.append(' ');
        else if (WIDE.contains(name)) wide(name);
        else if (WITH_ARGUMENT.contains(name)) skipArgument();
        else if (TEXT.contains(name)) words(name);
        else if (!INVISIBLE.contains(name)) out.append(SPELLINGS.getOrDefault(name, "\\" + name + " "));
    }

    private void sign(char c) {
        at += 2;
        switch (c) {
            case ',' -> out.append(' ');
            case ';', ':', ' ', '>', '\n' -> out.append(Juxtaposition.MEDIUM);
            case '!', '(', ')', '[', ']', '#', '-' -> {}
            case '%' -> out.append('%');
            case '&', '_' -> out.append(c);
            default -> out.append('\\').append(c);
        }
    }

    private void wide(String name) {
        if (name.equals("hspace")) skipArgument();
        out.append(Juxtaposition.WIDE);
    }

    private void skipEmptyDelimiter() {
        if (at < raw.length() && raw.charAt(at) == '.') at++;
    }

    private void skipArgument() {
        int close = at < raw.length() && raw.charAt(at) == '{' ? closingBrace(raw, at) : -1;
        if (close >= 0) at = close + 1;
    }

    /** Index of the brace that closes the one at {@code open}; -1 when none does. */
    static int closingBrace(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return i;
        }
        return -1;
    }

    /** A text command: its content as mathematics where it is some, else as words. */
    private void words(String name) {
        if (at < raw.length() && raw.charAt(at) == '*') at++;
        while (at < raw.length() && raw.charAt(at) == ' ') at++;
        int close = at < raw.length() && raw.charAt(at) == '{' ? closingBrace(raw, at) : -1;
        if (close < 0) return;
        String content = raw.substring(at + 1, close);
        at = close + 1;
        String unit = UnitText.of(
                content, out, raw.substring(at, Math.min(raw.length(), at + 8)).strip());
        if (unit == null) out.append(TextCommand.asText(content, name.equals("mathbf")));
        else {
            boolean micro = out.length() >= 4 && out.substring(out.length() - 4).equals("\\mu ");
            if (micro) out.setLength(out.length() - 4);
            out.append(micro ? "\\text{micro" : "\\text{").append(unit).append('}');
        }
    }

    static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
