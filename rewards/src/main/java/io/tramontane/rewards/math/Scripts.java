package io.tramontane.rewards.math;

import io.tramontane.rewards.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Puts a subscript before the superscript of the same base: {@code x^2_1} is {@code x_1^2}, and so with sums. */
final class Scripts {
    private Scripts() {}

    /** The same tokens where no superscript stands first. */
    static List<Token> ordered(List<Token> tokens) {
        if (tokens.stream().noneMatch(token -> token.is("_")) || tokens.stream().noneMatch(token -> token.is("^")))
            return tokens;
        List<Token> ordered = new ArrayList<>(tokens);
        for (int i = 1; i < ordered.size(); i++) {
            if (!ordered.get(i).is("^") || ordered.get(i - 1).kind() == Kind.NUMBER) continue;
            int under = endOfScript(ordered, i);
            if (under < 0 || !ordered.get(under).is("_")) continue;
            int end = endOfScript(ordered, under);
            if (end < 0) continue;
            List<Token> moved = new ArrayList<>(ordered.subList(under, end));
            moved.addAll(ordered.subList(i, under));
            for (int k = 0; k < moved.size(); k++) ordered.set(i + k, moved.get(k));
        }
        return ordered;
    }

    /** Where the tokens go on behind the script that starts at {@code sign}; -1 when it does not end. */
    private static int endOfScript(List<Token> tokens, int sign) {
        int at = sign + 1;
        if (at < tokens.size() && tokens.get(at).is("-")) at++;
        if (at >= tokens.size() || tokens.get(at).kind() == Kind.END) return -1;
        if (!tokens.get(at).is("{")) return at + 1;
        int depth = 0;
        for (; at < tokens.size(); at++) {
            if (tokens.get(at).is("{")) depth++;
            if (tokens.get(at).is("}") && --depth == 0) return at + 1;
        }
        return -1;
    }
}
