package io.tramontane.model.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A tokenizer for tests: ids 0 to 255 are bytes, then come the pieces that are given; the last id ends a text. */
public final class Pieces implements Tokenizer {
    private final List<byte[]> pieces = new ArrayList<>();

    public Pieces(String... pieces) {
        for (int i = 0; i < 256; i++) this.pieces.add(new byte[] {(byte) i});
        for (String piece : pieces) this.pieces.add(piece.getBytes(StandardCharsets.UTF_8));
        this.pieces.add(new byte[0]);
    }

    /** The id of a piece, -1 if there is none. */
    public int id(String piece) {
        for (int i = 256; i < pieces.size() - 1; i++)
            if (new String(pieces.get(i), StandardCharsets.UTF_8).equals(piece)) return i;
        return -1;
    }

    /** Its bytes, each a token. */
    @Override
    public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }

    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) bytes.writeBytes(pieces.get(token));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
        return pieces.size();
    }

    @Override
    public int endOfText() {
        return pieces.size() - 1;
    }

    @Override
    public void close() {}
}
