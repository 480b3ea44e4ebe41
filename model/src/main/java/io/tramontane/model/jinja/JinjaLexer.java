package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import io.tramontane.model.jinja.JinjaToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the inside of a tag into tokens, up to its closing mark. */
final class JinjaLexer {
    private static final int MOST_NESTED = 60;
    private static final List<String> OPERATORS = List.of("**", "//", "==", "!=", ">=", "<=");
    private static final String SINGLE = "+-*/%~|.,:()[]{}<>=";

    private final String source;
    private int at;

    JinjaLexer(String source, int from) {
        this.source = source;
        this.at = from;
    }

    /** Where the reading stopped: at the closing mark, or the minus or plus before it. */
    int position() {
        return at;
    }

    /** The tokens before {@code end}, which does not count inside brackets. */
    List<JinjaToken> until(String end) {
        List<JinjaToken> tokens = new ArrayList<>();
        int depth = 0;
        while (true) {
            while (at < source.length() && Python.isSpace(source.charAt(at))) at++;
            if (at >= source.length()) throw new TemplateException("a tag is not closed by " + end);
            if (depth == 0 && closesHere(end)) return tokens;
            JinjaToken token = next();
            if (token.opens() && ++depth > MOST_NESTED)
                throw new TemplateException("more than " + MOST_NESTED + " nested brackets");
            if (token.closes() && --depth < 0) throw new TemplateException("unexpected " + token.text());
            if (token.kind() == Kind.STRING
                    && !tokens.isEmpty()
                    && tokens.get(tokens.size() - 1).kind() == Kind.STRING)
                token = new JinjaToken(
                        Kind.STRING, tokens.remove(tokens.size() - 1).text() + token.text());
            tokens.add(token);
        }
    }

    private boolean closesHere(String end) {
        if (source.startsWith(end, at)) return true;
        char sign = source.charAt(at);
        return (sign == '-' || sign == '+' && end.equals("%}")) && source.startsWith(end, at + 1);
    }

    private JinjaToken next() {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') return string(c);
        if (Character.isDigit(c)) return number();
        if (Character.isUnicodeIdentifierStart(c) || c == '_') return name();
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                at += 2;
                return new JinjaToken(Kind.OPERATOR, operator);
            }
        }
        if (SINGLE.indexOf(c) < 0)
            throw new TemplateException("unexpected character " + Python.repr(MarkedText.own(String.valueOf(c))));
        at++;
        return new JinjaToken(Kind.OPERATOR, String.valueOf(c));
    }

    private JinjaToken name() {
        int start = at;
        while (at < source.length()
                && (Character.isUnicodeIdentifierPart(source.charAt(at)) || source.charAt(at) == '_')) at++;
        String name = source.substring(start, at);
        if (name.contains("__")) throw new TemplateException("the name " + name + " is not allowed");
        return new JinjaToken(Kind.NAME, name);
    }

    private static final Pattern NUMBER = Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+"
            + "|\\d+(_\\d+)*(\\.\\d+(_\\d+)*)?([eE][+-]?\\d+(_\\d+)*)?");

    private JinjaToken number() {
        Matcher number = NUMBER.matcher(source).region(at, source.length());
        if (!number.lookingAt()) throw new TemplateException("a damaged number");
        at = number.end();
        return new JinjaToken(Kind.NUMBER, number.group().replace("_", ""));
    }

    private JinjaToken string(char quote) {
        StringBuilder text = new StringBuilder();
        for (at++; at < source.length(); at++) {
            char c = source.charAt(at);
            if (c == quote) {
                at++;
                return new JinjaToken(Kind.STRING, text.toString());
            }
            if (c != '\\') text.append(c);
            else escape(text);
        }
        throw new TemplateException("a string is not closed");
    }

    /** Python's escapes; an unknown one stays as it is. Stops on the last character of the escape. */
    private void escape(StringBuilder text) {
        if (++at >= source.length()) throw new TemplateException("a string is not closed");
        char c = source.charAt(at);
        int plain = "\\'\"nrtabfv\n".indexOf(c);
        if (plain >= 0)
            text.append(new String[] {"\\", "'", "\"", "\n", "\r", "\t", "\u0007", "\b", "\f", "\u000b", ""}[plain]);
        else if (c == 'x') code(text, 2);
        else if (c == 'u') code(text, 4);
        else if (c == 'U') code(text, 8);
        else if (c >= '0' && c <= '7') octal(text);
        else text.append('\\').append(c);
    }

    private void code(StringBuilder text, int digits) {
        try {
            text.appendCodePoint(Integer.parseInt(source.substring(at + 1, at + 1 + digits), 16));
            at += digits;
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new TemplateException("a string has a damaged escape \\" + source.charAt(at));
        }
    }

    private void octal(StringBuilder text) {
        int value = 0;
        int end = Math.min(source.length(), at + 3);
        int i = at;
        for (; i < end && source.charAt(i) >= '0' && source.charAt(i) <= '7'; i++)
            value = 8 * value + source.charAt(i) - '0';
        at = i - 1;
        text.appendCodePoint(value);
    }
}
