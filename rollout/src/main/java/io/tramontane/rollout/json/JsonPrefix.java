package io.tramontane.rollout.json;

/**
 * Reads a JSON object (RFC 8259) byte by byte and says whether the bytes so far can still become one: objects and arrays to
 * {@link #DEEPEST} levels, strings of valid UTF-8 with escapes (surrogates in pairs), numbers, literals. A pushdown automaton: a
 * mode, and a bit for each open bracket.
 */
final class JsonPrefix {
    /** Levels of nesting. */
    static final int DEEPEST = 64;

    /**
     * Where the text stands. Within a string, {@code HEX_n}, {@code HIGH_n} and {@code LOW_n} want n more digits of an
     * escape, of one that is no surrogate, a high one, a low one; {@code TAIL_n} wants n more bytes of a character.
     */
    enum Mode {
        START,
        FIRST_KEY,
        NEXT_KEY,
        COLON,
        VALUE,
        FIRST_ELEMENT,
        AFTER_VALUE,
        STRING,
        ESCAPE,
        HEX_4,
        HEX_3,
        HEX_2,
        HEX_1,
        HEX_D,
        HIGH_2,
        HIGH_1,
        PAIR,
        PAIR_U,
        LOW_4,
        LOW_3,
        TAIL_1,
        TAIL_2,
        TAIL_3,
        TAIL_2_E0,
        TAIL_2_ED,
        TAIL_3_F0,
        TAIL_3_F4,
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        E,
        E_SIGN,
        EXPONENT,
        LITERAL,
        DONE;

        private boolean inString() {
            return ordinal() >= STRING.ordinal() && ordinal() <= TAIL_3_F4.ordinal();
        }
    }

    private Mode mode = Mode.START;
    private boolean key; // the string is a key
    private String rest = ""; // of a literal
    private int depth;
    private long arrays; // bit d: level d + 1 is an array

    Mode mode() {
        return mode;
    }

    boolean inString() {
        return mode.inString();
    }

    boolean done() {
        return mode == Mode.DONE;
    }

    void set(JsonPrefix other) {
        mode = other.mode;
        key = other.key;
        rest = other.rest;
        depth = other.depth;
        arrays = other.arrays;
    }

    /** A string from here on: as a mode alone, without what it stands in. */
    void setString(Mode string) {
        mode = string;
    }

    /** Everything that the next bytes depend on. */
    record State(Mode mode, boolean key, String rest, int depth, long arrays) {}

    State state() {
        return new State(mode, key && inString(), mode == Mode.LITERAL ? rest : "", depth, arrays);
    }

    /** False if no object begins with the bytes so far and this one; then the object must not be used any more. */
    boolean accept(int b) {
        if (inString()) return string(b);
        if (isBlank(b) && betweenTokens()) return true;
        return switch (mode) {
            case START -> b == '{' && open(false);
            case FIRST_KEY -> b == '}' ? close(false) : b == '"' && string(true);
            case NEXT_KEY -> b == '"' && string(true);
            case COLON -> b == ':' && become(Mode.VALUE);
            case VALUE -> value(b);
            case FIRST_ELEMENT -> b == ']' ? close(true) : value(b);
            case AFTER_VALUE -> afterValue(b);
            case LITERAL -> literal(b);
            case DONE -> false;
            default -> number(b);
        };
    }

    /** True where blanks may stand. */
    boolean betweenTokens() {
        return mode.ordinal() <= Mode.AFTER_VALUE.ordinal();
    }

    static boolean isBlank(int b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r';
    }

    private boolean become(Mode next) {
        mode = next;
        return true;
    }

    private boolean open(boolean array) {
        if (depth == DEEPEST) return false;
        arrays = array ? arrays | 1L << depth : arrays & ~(1L << depth);
        depth++;
        return become(array ? Mode.FIRST_ELEMENT : Mode.FIRST_KEY);
    }

    private boolean inArray() {
        return (arrays >>> depth - 1 & 1) == 1;
    }

    private boolean close(boolean array) {
        if (inArray() != array) return false;
        depth--;
        arrays &= ~(1L << depth);
        return become(depth == 0 ? Mode.DONE : Mode.AFTER_VALUE);
    }

    private boolean string(boolean isKey) {
        key = isKey;
        return become(Mode.STRING);
    }

    private boolean value(int b) {
        return switch (b) {
            case '{' -> open(false);
            case '[' -> open(true);
            case '"' -> string(false);
            case '-' -> become(Mode.MINUS);
            case '0' -> become(Mode.ZERO);
            case 't' -> literal("rue");
            case 'f' -> literal("alse");
            case 'n' -> literal("ull");
            default -> isDigit(b) && become(Mode.DIGITS);
        };
    }

    private boolean afterValue(int b) {
        if (b == ',') return become(inArray() ? Mode.VALUE : Mode.NEXT_KEY);
        return b == '}' ? close(false) : b == ']' && close(true);
    }

    private boolean literal(String letters) {
        rest = letters;
        return become(Mode.LITERAL);
    }

    private boolean literal(int b) {
        if (b != rest.charAt(0)) return false;
        rest = rest.substring(1);
        return !rest.isEmpty() || become(Mode.AFTER_VALUE);
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    private boolean number(int b) {
        boolean e = b == 'e' || b == 'E';
        return switch (mode) {
            case MINUS -> b == '0' ? become(Mode.ZERO) : isDigit(b) && become(Mode.DIGITS);
            case ZERO -> b == '.' ? become(Mode.POINT) : e ? become(Mode.E) : end(b);
            case DIGITS -> isDigit(b) || (b == '.' ? become(Mode.POINT) : e ? become(Mode.E) : end(b));
            case POINT -> isDigit(b) && become(Mode.FRACTION);
            case FRACTION -> isDigit(b) || (e ? become(Mode.E) : end(b));
            case E -> b == '+' || b == '-' ? become(Mode.E_SIGN) : isDigit(b) && become(Mode.EXPONENT);
            case E_SIGN -> isDigit(b) && become(Mode.EXPONENT);
            default -> isDigit(b) || end(b);
        };
    }

    /** A number ends with the byte behind it. */
    private boolean end(int b) {
        mode = Mode.AFTER_VALUE;
        return isBlank(b) || afterValue(b);
    }

    private boolean string(int b) {
        return switch (mode) {
            case STRING -> character(b);
            case ESCAPE -> b == 'u' ? become(Mode.HEX_4) : "\"\\/bfnrt".indexOf(b) >= 0 && become(Mode.STRING);
            case HEX_4 -> isHex(b) && become((b | 0x20) == 'd' ? Mode.HEX_D : Mode.HEX_3);
            case HEX_D -> isHex(b) && !isLow(b) && become(b < '8' ? Mode.HEX_2 : Mode.HIGH_2);
            case HIGH_2 -> isHex(b) && become(Mode.HIGH_1);
            case HIGH_1 -> isHex(b) && become(Mode.PAIR);
            case PAIR -> b == '\\' && become(Mode.PAIR_U);
            case PAIR_U -> b == 'u' && become(Mode.LOW_4);
            case LOW_4 -> (b | 0x20) == 'd' && become(Mode.LOW_3);
            case LOW_3 -> isLow(b) && become(Mode.HEX_2);
            case HEX_3 -> isHex(b) && become(Mode.HEX_2);
            case HEX_2 -> isHex(b) && become(Mode.HEX_1);
            case HEX_1 -> isHex(b) && become(Mode.STRING);
            case TAIL_3 -> tail(b, 0x80, 0xBF, Mode.TAIL_2);
            case TAIL_3_F0 -> tail(b, 0x90, 0xBF, Mode.TAIL_2);
            case TAIL_3_F4 -> tail(b, 0x80, 0x8F, Mode.TAIL_2);
            case TAIL_2 -> tail(b, 0x80, 0xBF, Mode.TAIL_1);
            case TAIL_2_E0 -> tail(b, 0xA0, 0xBF, Mode.TAIL_1);
            case TAIL_2_ED -> tail(b, 0x80, 0x9F, Mode.TAIL_1);
            default -> tail(b, 0x80, 0xBF, Mode.STRING);
        };
    }

    private boolean character(int b) {
        if (b == '"') return become(key ? Mode.COLON : Mode.AFTER_VALUE);
        if (b == '\\') return become(Mode.ESCAPE);
        if (b < 0x80) return b >= 0x20;
        if (b < 0xC2 || b > 0xF4) return false;
        if (b < 0xE0) return become(Mode.TAIL_1);
        if (b < 0xF0) return become(b == 0xE0 ? Mode.TAIL_2_E0 : b == 0xED ? Mode.TAIL_2_ED : Mode.TAIL_2);
        return become(b == 0xF0 ? Mode.TAIL_3_F0 : b == 0xF4 ? Mode.TAIL_3_F4 : Mode.TAIL_3);
    }

    private boolean tail(int b, int from, int to, Mode next) {
        return b >= from && b <= to && become(next);
    }

    /** The second digit of a low surrogate, DC00 to DFFF. */
    private static boolean isLow(int b) {
        return (b | 0x20) >= 'c' && (b | 0x20) <= 'f';
    }

    private static boolean isHex(int b) {
        return isDigit(b) || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
    }
}
