package io.tramontane.model.tokenizer;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Tokens of single bytes among tokens of text, as SentencePiece has them for characters without a piece. Hugging Face's
 * decoder gives up a whole run of such bytes if any of it is no UTF-8, so that a text that ends within a character loses
 * those before it too. Here, as SentencePiece does it, each byte that belongs to no character becomes U+FFFD and the others
 * stay: such a byte is replaced by the three that U+FFFD has.
 */
final class ByteRuns {
    private static final int[] UNKNOWN = {0xEF, 0xBF, 0xBD};

    private final Map<Integer, Integer> bytes; // token id to byte
    private final long[] unknown;

    private ByteRuns(Map<Integer, Integer> bytes, long[] unknown) {
        this.bytes = bytes;
        this.unknown = unknown;
    }

    /** Null where no token is a byte, or those of U+FFFD are missing. */
    static ByteRuns of(Map<Integer, Integer> bytes) {
        long[] unknown = Arrays.stream(UNKNOWN)
                .mapToLong(b -> bytes.entrySet().stream()
                        .filter(entry -> entry.getValue() == b)
                        .mapToLong(Map.Entry::getKey)
                        .findFirst()
                        .orElse(-1))
                .toArray();
        return LongStream.of(unknown).anyMatch(id -> id < 0) ? null : new ByteRuns(bytes, unknown);
    }

    /** The same text in tokens whose bytes are all parts of characters. */
    long[] whole(long[] ids) {
        LongStream.Builder made = LongStream.builder();
        for (int at = 0; at < ids.length; ) {
            int length = bytes.containsKey((int) ids[at]) ? character(ids, at) : 1;
            if (length == 0) for (long id : unknown) made.add(id);
            for (int i = at; i < at + length; i++) made.add(ids[i]);
            at += Math.max(1, length);
        }
        return made.build().toArray();
    }

    /** How many tokens make up the character that begins here; 0 if none does. */
    private int character(long[] ids, int at) {
        int first = value(ids, at);
        int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        for (int i = 1; i < length; i++) if ((value(ids, at + i) & 0xC0) != 0x80) return 0;
        if (length < 3) return length;
        int second = value(ids, at + 1);
        boolean tooLong = first == 0xE0 && second < 0xA0 || first == 0xF0 && second < 0x90;
        boolean none = first == 0xED && second > 0x9F || first == 0xF4 && second > 0x8F; // surrogates, beyond Unicode
        return tooLong || none ? 0 : length;
    }

    private int value(long[] ids, int at) {
        return at < ids.length ? bytes.getOrDefault((int) ids[at], 0) : 0;
    }
}
