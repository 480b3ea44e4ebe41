package io.tramontane.cluster.ledger;

import io.tramontane.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The proof that no line of the ledger was changed. A committed event ends in {@code ,"chain":"..."}: the first 32 hexadecimal
 * digits (128 bits) of the SHA-256 over the chain before, all lines since then with their newlines, and this line up to the
 * comma. So the newest chain covers every line before it. Not for several threads.
 */
final class Chain {
    private static final byte[] KEY = ",\"chain\":\"".getBytes(StandardCharsets.UTF_8);
    private static final int DIGITS = 32;
    private static final int SUFFIX = KEY.length + DIGITS + 2;

    private final MessageDigest since = Sha256.digest();
    private boolean started;
    private int covered;
    private int lines;

    /** Lines that were added. */
    int lines() {
        return lines;
    }

    /** The line up to which a chain covers everything; 0 before the first chain. */
    int covered() {
        return covered;
    }

    /** True once a line had a chain: from then on every committed event must have one. */
    boolean started() {
        return started;
    }

    /** True if a line (without its newline) ends in a chain. */
    static boolean isOn(byte[] line) {
        int at = line.length - SUFFIX;
        return at > 0
                && Arrays.equals(line, at, at + KEY.length, KEY, 0, KEY.length)
                && line[line.length - 2] == '"'
                && line[line.length - 1] == '}';
    }

    /** The event on a line that ends in a chain, as JSON without it. */
    static byte[] body(byte[] line) {
        byte[] body = Arrays.copyOf(line, line.length - SUFFIX + 1);
        body[body.length - 1] = '}';
        return body;
    }

    /** The line of an event (a JSON object) with its chain; takes effect by {@link #add}. */
    String link(String event) {
        String body = event.substring(0, event.length() - 1);
        return body + new String(KEY, StandardCharsets.UTF_8) + after(body.getBytes(StandardCharsets.UTF_8)) + "\"}";
    }

    private String after(byte[] body) {
        try {
            MessageDigest digest = (MessageDigest) since.clone();
            digest.update(body);
            return Sha256.of(digest).substring(0, DIGITS);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this JVM's SHA-256 cannot be copied", e);
        }
    }

    /** A line is in the file; false if it has a chain that does not fit. */
    boolean add(byte[] line) {
        lines++;
        if (!isOn(line)) {
            since.update(line);
            since.update((byte) '\n');
            return true;
        }
        String found = new String(line, line.length - DIGITS - 2, DIGITS, StandardCharsets.UTF_8);
        if (!after(Arrays.copyOf(line, line.length - SUFFIX)).equals(found)) return false;
        since.reset();
        since.update(found.getBytes(StandardCharsets.UTF_8));
        started = true;
        covered = lines;
        return true;
    }
}
