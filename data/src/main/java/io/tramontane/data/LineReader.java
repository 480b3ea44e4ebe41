package io.tramontane.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a UTF-8 text, one at a time: gzipped if the name ends in {@code .gz}, with or without a byte order mark. Lines of
 * blanks are stepped over, but not without end: a small gzip file can hold hundreds of millions of them.
 */
final class LineReader implements Closeable {
    private static final int MOST_BLANK = 1_000_000;

    private final InputStream in;
    private final String name;
    private final int longest = LineLimit.bytes();
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long number;
    private long blank;
    private long blankBytes;

    LineReader(InputStream in, String name) {
        this.name = name;
        Codec.check(name);
        try {
            this.in = Codec.isGzip(name) ? new GZIPInputStream(new Endless(in), buffer.length) : in;
        } catch (EOFException e) {
            throw new EmptyInputException(name + ": the file is empty, needs at least one JSON object");
        } catch (IOException e) {
            throw new BadInputException(name + ": not a gzip file: " + e.getMessage());
        }
        try {
            while (filled < Codec.startLength() && fillBehind()) {} // a network may bring single bytes
        } catch (IOException e) {
            throw new BadInputException(name + ":1: cannot be read: " + e.getMessage());
        }
        checkStart();
    }

    /** A gzip file may have several members; whether one follows is asked of available(), which streams may answer by 0. */
    private static final class Endless extends BufferedInputStream {
        Endless(InputStream in) {
            super(in, 1 << 16);
        }

        @Override
        public synchronized int available() throws IOException {
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : Math.max(1, super.available());
        }
    }

    private void checkStart() {
        byte[] start = Arrays.copyOf(buffer, Math.min(filled, Codec.startLength()));
        Codec.checkStart(start, name);
        String encoding = wideEncoding(start);
        if (encoding != null) throw new BadInputException(name + ": is " + encoding + ", must be UTF-8");
        if (startsWith(start, 0xEF, 0xBB, 0xBF)) at = 3;
    }

    /** UTF-16 or UTF-32, recognised by the byte order mark or by the zero bytes of the first character; null for neither. */
    private static String wideEncoding(byte[] start) {
        if (startsWith(start, 0xFF, 0xFE, 0, 0) || startsWith(start, 0, 0, 0xFE, 0xFF)) return "UTF-32";
        if (startsWith(start, 0xFF, 0xFE) || startsWith(start, 0xFE, 0xFF)) return "UTF-16";
        if (start.length < 2 || (start[0] != 0) == (start[1] != 0)) return null;
        return start[0] == 0 ? "UTF-16 (big endian)" : "UTF-16 (little endian)";
    }

    private static boolean startsWith(byte[] start, int... bytes) {
        if (start.length < bytes.length) return false;
        for (int i = 0; i < bytes.length; i++) if ((start[i] & 0xFF) != bytes[i]) return false;
        return true;
    }

    /** The next line that is not blank, without its end; null when there is none. */
    byte[] next() {
        while (true) {
            byte[] line = line();
            if (line == null || !isBlank(line)) return line;
            blankBytes += line.length + 1;
            if (++blank > MOST_BLANK || blankBytes > longest)
                throw new BadInputException(name + ":" + number + ": " + blank + " lines of blanks so far, allowed "
                        + MOST_BLANK + " and " + (longest >> 20) + " MiB");
        }
    }

    /** Where the line of the last {@link #next} is, {@code FILE:LINE}. */
    String where() {
        return name + ":" + number;
    }

    /** Text that must be UTF-8. */
    static String text(byte[] bytes, String where) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(where + ": not UTF-8");
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) if (b != ' ' && b != '\t' && b != '\r') return false;
        return true;
    }

    private byte[] line() {
        number++;
        try {
            if (at == filled && !fill()) return null;
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            do {
                int end = at;
                while (end < filled && buffer[end] != '\n') end++;
                line.write(buffer, at, end - at);
                if (line.size() > longest) throw LineLimit.exceeded(where(), longest);
                at = Math.min(end + 1, filled);
                if (end < filled) break;
            } while (fill());
            return line.toByteArray();
        } catch (IOException e) {
            throw new BadInputException(where() + ": cannot be read: " + e.getMessage());
        }
    }

    /** The next bytes of the file into the buffer; false at its end. */
    private boolean fill() throws IOException {
        at = 0;
        filled = 0;
        return fillBehind();
    }

    private boolean fillBehind() throws IOException {
        int read = in.read(buffer, filled, buffer.length - filled);
        filled += Math.max(0, read);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
