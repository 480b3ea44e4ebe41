package io.tramontane.model.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds regular expressions for which a backtracking engine may need exponential time: a repetition without bound of a group
 * that itself repeats without bound or has alternatives, as in {@code (a+)+}. Counts and back references are refused as
 * well.
 */
final class RegexRisk {
    private RegexRisk() {}

    static boolean mayExplode(String regex) {
        Deque<Boolean> groups = new ArrayDeque<>();
        boolean risky = false; // the group that is read repeats or has alternatives
        boolean closed = false; // the last thing read was a group ...
        boolean closedRisky = false; // ... of that kind
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            boolean wasClosed = closed;
            closed = false;
            if (c == '\\') {
                if (i + 1 < regex.length() && "123456789kg".indexOf(regex.charAt(i + 1)) >= 0) return true;
                i = escape(regex, i);
            } else if (c == '[') i = set(regex, i);
            else if (c == '(') {
                groups.push(risky);
                risky = false;
            } else if (c == ')') {
                if (groups.isEmpty()) return false; // not a regular expression; the engine reports it
                closed = true;
                closedRisky = risky;
                risky = groups.pop() | risky;
            } else if (c == '|') risky |= !groups.isEmpty();
            else if (c == '*' || c == '+' || c == '{' && unbounded(regex, i)) {
                if (wasClosed && closedRisky) return true;
                risky = true;
            } else if (c == '{' && large(regex, i)) return true;
            if (c == '{') i = Math.max(i, regex.indexOf('}', i));
            if (groups.size() > 50) return true;
        }
        return false;
    }

    private static int escape(String regex, int at) {
        if (at + 2 < regex.length() && "pP".indexOf(regex.charAt(at + 1)) >= 0 && regex.charAt(at + 2) == '{')
            return Math.max(at + 2, regex.indexOf('}', at));
        return at + 1;
    }

    private static int set(String regex, int at) {
        int depth = 0;
        for (int i = at; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') i++;
            else if (c == '[') depth++;
            else if (c == ']' && i > at + 1 && --depth == 0) return i;
        }
        return regex.length();
    }

    private static boolean unbounded(String regex, int at) {
        int end = regex.indexOf('}', at);
        return end > 0 && regex.charAt(end - 1) == ',';
    }

    private static boolean large(String regex, int at) {
        int end = regex.indexOf('}', at);
        if (end < 0) return false;
        for (String count : regex.substring(at + 1, end).split(","))
            if (count.strip().length() > 3) return true;
        return false;
    }
}
