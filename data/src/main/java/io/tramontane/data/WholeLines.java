package io.tramontane.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.function.Consumer;

/** Lines that end in a newline. What follows the last newline was being written when its process died, and is left out. */
public final class WholeLines {
    private static final int PIECE = 1 << 16;

    private WholeLines() {}

    /** Reads them one by one. */
    public static void read(InputStream from, Consumer<AppendLog.Line> sink) throws IOException {
        InputStream in = new BufferedInputStream(from, PIECE);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        int number = 0;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            int start = 0;
            for (int i = 0; i < n; i++) {
                if (piece[i] != '\n') continue;
                line.write(piece, start, i - start);
                sink.accept(new AppendLog.Line(++number, line.toByteArray()));
                line.reset();
                start = i + 1;
            }
            line.write(piece, start, n - start);
        }
    }

    /** Where the last one ends. */
    static long end(RandomAccessFile file) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long end = file.length(); end > 0; ) {
            int size = (int) Math.min(PIECE, end);
            file.seek(end - size);
            file.readFully(piece, 0, size);
            for (int i = size - 1; i >= 0; i--) if (piece[i] == '\n') return end - size + i + 1;
            end -= size;
        }
        return 0;
    }
}
