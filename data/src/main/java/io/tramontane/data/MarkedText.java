package io.tramontane.data;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.UnaryOperator;

/**
 * Text with a mark for each character: ours (the program's or a model's template) or foreign (a problem, a message, a
 * solution, anything that came with data). {@code Tokenizer#encode(MarkedText)} makes control tokens of our characters only. Positions
 * are Java's. Two texts of the same characters are equal, whatever their marks.
 */
public final class MarkedText implements Serializable, Comparable<MarkedText> {
    /** No characters. */
    public static final MarkedText EMPTY = new MarkedText("", null);

    private static final long serialVersionUID = 1;

    private final String string;
    private final BitSet foreign; // null: all is ours

    private MarkedText(String string, BitSet foreign) {
        this.string = string;
        this.foreign = foreign;
    }

    /** Text that the program or a template wrote. */
    public static MarkedText own(String text) {
        return text.isEmpty() ? EMPTY : new MarkedText(valid(text), null);
    }

    /** Text that came with data. */
    public static MarkedText foreign(String text) {
        if (text.isEmpty()) return EMPTY;
        BitSet all = new BitSet(text.length());
        all.set(0, text.length());
        return new MarkedText(valid(text), all);
    }

    /**
     * Foreign text in which the marks of thoughts are ours where the format has them: the opening at the very start, unless the
     * prompt wrote it, and the first closing mark behind it.
     *
     * @param opened the prompt ends within the thoughts; an opening mark at the start is left out
     */
    public static MarkedText answer(String text, ThinkTags tags, boolean opened) {
        boolean opens = text.startsWith(tags.open());
        if (!opens && !opened) return foreign(text);
        String rest = opens ? text.substring(tags.open().length()) : text;
        int close = rest.indexOf(tags.close());
        Builder made = new Builder().append(opened ? "" : tags.open());
        if (close < 0) return made.append(foreign(rest)).build();
        return made.append(foreign(rest.substring(0, close)))
                .append(tags.close())
                .append(foreign(rest.substring(close + tags.close().length())))
                .build();
    }

    /** Half a surrogate pair is no text; it becomes '?', as everywhere in Java. No position changes. */
    private static String valid(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) return text;
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** The characters. */
    public String string() {
        return string;
    }

    /** Their number. */
    public int length() {
        return string.length();
    }

    /** True if there are none. */
    public boolean isEmpty() {
        return string.isEmpty();
    }

    /** True if one of the characters from {@code from} up to {@code to} is foreign. */
    public boolean foreign(int from, int to) {
        if (foreign == null) return false;
        int next = foreign.nextSetBit(from);
        return next >= 0 && next < to;
    }

    /** What is ours after the last foreign character. */
    public String ownTail() {
        return foreign == null ? string : string.substring(foreign.length());
    }

    /** The characters from {@code from} up to {@code to}. */
    public MarkedText sub(int from, int to) {
        if (from == 0 && to == length()) return this;
        if (from >= to) return EMPTY;
        BitSet part = foreign(from, to) ? foreign.get(from, to) : null;
        return new MarkedText(string.substring(from, to), part);
    }

    /** The characters from {@code from} on. */
    public MarkedText sub(int from) {
        return sub(from, length());
    }

    /** This and then that. */
    public MarkedText plus(MarkedText more) {
        if (more.isEmpty()) return this;
        if (isEmpty()) return more;
        return new Builder().append(this).append(more).build();
    }

    /** What a function makes of the characters; what it makes of a foreign one is foreign. */
    public MarkedText changed(UnaryOperator<String> function) {
        String whole = function.apply(string);
        if (whole.equals(string)) return this;
        if (foreign == null) return own(whole);
        if (foreign.cardinality() == length()) return foreign(whole);
        if (whole.length() == length()) return new MarkedText(valid(whole), foreign);
        Builder made = new Builder();
        for (int from = 0; from < length(); ) {
            int to = runEnd(from);
            String part = function.apply(string.substring(from, to));
            made.append(foreign.get(from) ? foreign(part) : own(part));
            from = to;
        }
        return made.build();
    }

    private int runEnd(int from) {
        int end = foreign.get(from) ? foreign.nextClearBit(from) : foreign.nextSetBit(from);
        return end < 0 || end > length() ? length() : end;
    }

    @Override
    public int compareTo(MarkedText other) {
        int[] left = string.codePoints().toArray();
        int[] right = other.string.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarkedText text && text.string.equals(string);
    }

    @Override
    public int hashCode() {
        return string.hashCode();
    }

    @Override
    public String toString() {
        return string;
    }

    /** Puts pieces together. */
    public static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final BitSet marks = new BitSet();

        /** Adds a text. */
        public Builder append(MarkedText more) {
            return append(more, 0, more.length());
        }

        /** Adds text of ours. */
        public Builder append(String own) {
            text.append(valid(own));
            return this;
        }

        /** Adds a piece of a text. */
        public Builder append(MarkedText more, int from, int to) {
            int at = text.length();
            text.append(more.string, from, to);
            if (more.foreign == null) return this;
            for (int i = more.foreign.nextSetBit(from); i >= 0 && i < to; ) {
                int end = Math.min(to, more.runEnd(i));
                marks.set(at + i - from, at + end - from);
                i = more.foreign.nextSetBit(end);
            }
            return this;
        }

        /** Characters so far. */
        public int length() {
            return text.length();
        }

        /** What it is now; the builder must not be used afterwards. */
        public MarkedText build() {
            return text.isEmpty() ? EMPTY : new MarkedText(text.toString(), marks.isEmpty() ? null : marks);
        }
    }
}
