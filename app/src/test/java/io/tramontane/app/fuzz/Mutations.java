package io.tramontane.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes valid inputs, from a seed: bits, cuts, spans taken out, put twice or from elsewhere, and hostile words. */
final class Mutations {
    private static final List<String> WORDS = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "-1e-999",
            "NaN",
            "9223372036854775807",
            "9223372036854775808",
            "2147483648",
            "123456789012345678901234567890",
            "0.5",
            "\"\"",
            "\"x\"",
            "[]",
            "{}",
            "[[[[[[[[",
            "{\"a\":{\"a\":",
            "\\ud800",
            "\u0000",
            "\uFEFF",
            "\n",
            "\r\n",
            "\"",
            "\\",
            ":",
            ",",
            "]",
            "}",
            "&a [*a,*a]",
            "<<: *a",
            "!!java.lang.Runtime {}",
            "%",
            "../../etc/passwd",
            "\uD83D\uDE00",
            "- ",
            "'",
            "trainer.loss.clipHigh=1",
            "=",
            "1e400000000",
            "0x10",
            "1_000",
            "~",
            ".inf");
    private static final int LONGEST = 1 << 20;

    private final Random random;

    Mutations(long seed) {
        this.random = new Random(seed);
    }

    /** One of these samples, changed one to four times. */
    byte[] of(List<byte[]> samples) {
        byte[] bytes = samples.get(random.nextInt(samples.size()));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) bytes = changed(bytes, samples);
        return bytes.length <= LONGEST ? bytes : Arrays.copyOf(bytes, LONGEST);
    }

    private byte[] changed(byte[] bytes, List<byte[]> samples) {
        int at = random.nextInt(bytes.length + 1);
        int span = random.nextInt(1 + Math.min(bytes.length - at, random.nextBoolean() ? 8 : 200));
        return switch (random.nextInt(9)) {
            case 0 -> flipped(bytes);
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> spliced(bytes, at, at + span, new byte[0]);
            case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + span));
            case 4 -> spliced(bytes, at, at + span, word());
            case 5 -> spliced(bytes, at, at, word());
            case 6 -> number(bytes, at);
            case 7 -> elsewhere(bytes, at, samples);
            default -> nested(bytes, at);
        };
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        if (bytes.length > 0) flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
    }

    /** Another value in the place of the next number. */
    private byte[] number(byte[] bytes, int from) {
        int start = from;
        while (start < bytes.length && !digit(bytes[start])) start++;
        int end = start;
        while (end < bytes.length && digit(bytes[end])) end++;
        return spliced(bytes, start, end, word());
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private byte[] elsewhere(byte[] bytes, int at, List<byte[]> samples) {
        byte[] other = samples.get(random.nextInt(samples.size()));
        int from = random.nextInt(other.length + 1);
        return spliced(bytes, at, at, Arrays.copyOfRange(other, from, Math.min(other.length, from + 64)));
    }

    /** Deeper than any reader's stack, once in a while. */
    private byte[] nested(byte[] bytes, int at) {
        int depth = random.nextInt(20) == 0 ? 100_000 : 10;
        return spliced(
                bytes,
                at,
                at,
                (random.nextBoolean() ? "[" : "{\"a\":").repeat(depth).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + middle.length);
        out.write(bytes, 0, from);
        out.writeBytes(middle);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}
