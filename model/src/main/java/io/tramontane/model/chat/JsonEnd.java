package io.tramontane.model.chat;

/** Finds where a JSON object or array ends, character by character: brackets are counted, strings skipped. */
final class JsonEnd {
    private int depth;
    private boolean string;
    private boolean escaped;

    /** True with the character that closes the outermost bracket. */
    boolean accept(char c) {
        if (string) {
            if (escaped) escaped = false;
            else if (c == '\\') escaped = true;
            else if (c == '"') string = false;
            return false;
        }
        switch (c) {
            case '"' -> string = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
        return depth <= 0;
    }

    boolean inString() {
        return string;
    }
}
