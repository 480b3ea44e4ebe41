package io.tramontane.rewards.math;

import io.tramontane.rewards.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a cleaned answer into at most {@link #MAX_TOKENS} pieces. Letters without a backslash are told apart here. */
final class Lexer {
    static final int MAX_TOKENS = 1500;

    private final String text;
    private final CommaRules commas;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int brackets;
    private boolean blank;

    private Lexer(String text, CommaRules commas) {
        this.text = text;
        this.commas = commas;
    }

    static List<Token> read(String cleaned, CommaRules commas) {
        Lexer lexer = new Lexer(cleaned, commas);
        while (lexer.at < cleaned.length()) lexer.next();
        lexer.tokens.add(Token.END);
        return lexer.tokens;
    }

    private void next() {
        char c = text.charAt(at);
        if (c == ' ') {
            blank = true;
            at++;
        } else if (BasedDigits.end(text, at) > at) {
            int end = BasedDigits.end(text, at);
            add(Kind.NUMBER, text.substring(at, end));
            at = end;
        } else if (NumberText.isDigit(c)
                || c == '.' && at + 1 < text.length() && NumberText.isDigit(text.charAt(at + 1))) {
            NumberText.Scan scan = NumberText.scan(text, at, commas, brackets > 0);
            at = scan.end();
            add(Kind.NUMBER, scan.digits());
        } else if (c == '\\') command();
        else if (Character.isLetter(c)) letters();
        else sign(c);
    }

    private void add(Kind kind, String content) {
        if (tokens.size() >= MAX_TOKENS) throw new UndecidableException("more than " + MAX_TOKENS + " tokens");
        tokens.add(new Token(kind, content, blank));
        blank = false;
    }

    private void sign(char c) {
        if (c == '(' || c == '[') brackets++;
        if (c == ')' || c == ']') brackets = Math.max(0, brackets - 1);
        for (String pair : new String[] {"<=", ">=", "!=", "=>", "=<", "==", "**", "+-", "&&"}) {
            if (!text.startsWith(pair, at) || pair.equals("!=") && isFactorial()) continue;
            at += 2;
            add(
                    Kind.SIGN,
                    switch (pair) {
                        case "=<" -> "<=";
                        case "==" -> "=";
                        case "**" -> "^";
                        case "+-" -> "pm";
                        default -> pair;
                    });
            return;
        }
        at++;
        add(Kind.SIGN, String.valueOf(c));
    }

    /** {@code 4!=24}, while {@code x != 2} is a relation. */
    private boolean isFactorial() {
        return at > 0 && NumberText.isDigit(text.charAt(at - 1));
    }

    private void command() {
        int end = at + 1;
        while (end < text.length() && CleanText.isLetter(text.charAt(end))) end++;
        if (end == at + 1) {
            if (end >= text.length()) throw new UndecidableException("a lone backslash");
            char c = text.charAt(end);
            if (c == '{') brackets++;
            if (c == '}') brackets = Math.max(0, brackets - 1);
            at = end + 1;
            add(Kind.SIGN, "\\" + c);
            return;
        }
        String name = text.substring(at + 1, end);
        at = end;
        if (name.equals("begin") || name.equals("end")) environment(name);
        else if (name.equals("named")) name();
        else if (CleanText.TEXT.contains(name)) words();
        else if (Names.RELATIONS.containsKey(name)) add(Kind.SIGN, Names.RELATIONS.get(name));
        else named(name);
    }

    private void named(String name) {
        switch (name) {
            case "and", "or", "pm", "mp", "cup", "cap", "setminus" -> add(Kind.SIGN, name);
            default -> {
                boolean ohm = name.equals("Omega") && !tokens.isEmpty() && isQuantity(tokens.get(tokens.size() - 1));
                if (ohm) {
                    add(Kind.WORDS, "ohm");
                    return;
                }
                String known = Names.known(name);
                add(Kind.NAME, known == null || name.equals("frac") ? name : known);
            }
        }
    }

    /** {@code \begin{array}{cc}}: the columns do not matter. */
    private void environment(String name) {
        while (at < text.length() && text.charAt(at) == ' ') at++;
        int close = text.indexOf('}', at);
        if (close < 0) throw new UndecidableException("an environment without a name");
        String environment = text.substring(Math.min(at + 1, close), close).strip();
        at = close + 1;
        if (name.equals("begin") && environment.equals("array") && at < text.length() && text.charAt(at) == '{')
            at = Math.max(at, CleanText.closingBrace(text, at)) + 1;
        add(Kind.NAME, name + ":" + environment);
    }

    /** What {@link NamedSides} made one name of. */
    private void name() {
        int close = text.indexOf('}', at);
        add(Kind.NAME, text.substring(at + 1, close));
        at = close + 1;
    }

    private void words() {
        while (at < text.length() && text.charAt(at) == ' ') at++;
        int close = at < text.length() && text.charAt(at) == '{' ? CleanText.closingBrace(text, at) : -1;
        if (close < 0) throw new UndecidableException("text that is not closed");
        String content = text.substring(at + 1, close).strip();
        at = close + 1;
        add(Kind.WORDS, content);
    }

    private void letters() {
        String run = text.substring(at, endOfScript());
        int end;
        String glued = gluedConnector(run);
        if (glued != null) run = glued;
        end = at + run.length();
        boolean afterNumber = !tokens.isEmpty()
                && (isQuantity(tokens.get(tokens.size() - 1))
                        || blank && tokens.get(tokens.size() - 1).is("}"));
        at = end;
        String connector = Names.CONNECTORS.get(run.toLowerCase(Locale.ROOT));
        if (connector != null && !isLatinOrGreek(run)) add(Kind.SIGN, connector);
        else if (!isLatinOrGreek(run)) add(Kind.WORDS, run);
        else if (run.length() > 1 && connector != null && (blank || glued != null)) add(Kind.SIGN, connector);
        else if (run.equals("U") && blank && !tokens.isEmpty() && endsSet()) add(Kind.SIGN, "cup");
        else if (run.length() == 1) add(Kind.NAME, run);
        else if (isUnitHere(run)) add(Kind.WORDS, run);
        else if (Names.known(run) != null) add(Kind.NAME, Names.known(run));
        else if (run.equals("mod") || run.equals("in") && blank) add(run.equals("in") ? Kind.SIGN : Kind.NAME, run);
        else if (Units.isWord(run) && (afterNumber || run.length() > 3)) add(Kind.WORDS, run);
        else unknown(run);
    }

    private static boolean isQuantity(Token last) {
        return last.kind() == Kind.NUMBER || last.kind() == Kind.WORDS;
    }

    /** {@code 12 min}, {@code 3 miles per hour}, {@code 12 sq cm}: words that would be functions or products elsewhere. */
    private boolean isUnitHere(String run) {
        if (tokens.isEmpty() || !isQuantity(tokens.get(tokens.size() - 1))) return false;
        boolean words = tokens.get(tokens.size() - 1).kind() == Kind.WORDS;
        if (run.equals("per")) return words;
        if (run.equals("sq") || run.equals("cu")) return true;
        int next = at;
        while (next < text.length() && text.charAt(next) == ' ') next++;
        boolean argument = next < text.length()
                && (Character.isLetterOrDigit(text.charAt(next)) || "(\\{^".indexOf(text.charAt(next)) >= 0);
        return (run.equals("min") || run.equals("sec")) && !argument;
    }

    /** The end of the letters of one script: {@code \u6216x} is a word before a name; a connector is a word of its own. */
    private int endOfScript() {
        boolean latin = text.charAt(at) < 0x400;
        int end = at;
        while (end < text.length() && Character.isLetter(text.charAt(end)) && text.charAt(end) < 0x400 == latin) end++;
        if (latin) return end;
        for (int length = Math.min(2, end - at); length > 0; length--) {
            boolean whole = end == at + length || text.charAt(at) >= 0x2E80;
            if (whole && Names.CONNECTORS.containsKey(text.substring(at, at + length))) return at + length;
        }
        return end;
    }

    /** The connector in {@code (1,2)or(2,1)} and {@code 1orW}; null when there is none. */
    private String gluedConnector(String run) {
        if (blank
                || tokens.isEmpty()
                || !endsSet() && tokens.get(tokens.size() - 1).kind() != Kind.NUMBER) return null;
        return run.startsWith("or") ? "or" : run.startsWith("and") ? "and" : null;
    }

    private boolean endsSet() {
        Token last = tokens.get(tokens.size() - 1);
        return last.is(")") || last.is("]") || last.is("\\}");
    }

    /** {@code sinx}, {@code 2pir}, products of letters, or a word. */
    private void unknown(String run) {
        String prefix = Names.prefix(run);
        if (prefix != null && run.length() <= prefix.length() + 2) {
            add(Kind.NAME, prefix);
            blank = false;
            spell(run.substring(prefix.length()));
        } else if (run.length() <= 3 || isAscending(run)) spell(run);
        else add(Kind.WORDS, run);
    }

    private static boolean isLatinOrGreek(String run) {
        return run.chars().allMatch(c -> c < 0x400);
    }

    private void spell(String letters) {
        for (int i = 0; i < letters.length(); i++) add(Kind.NAME, letters.substring(i, i + 1));
    }

    /** {@code abcd}: a product of variables in alphabetical order is no word. */
    private static boolean isAscending(String run) {
        for (int i = 1; i < run.length(); i++) if (run.charAt(i) <= run.charAt(i - 1)) return false;
        return run.length() <= 6;
    }
}
