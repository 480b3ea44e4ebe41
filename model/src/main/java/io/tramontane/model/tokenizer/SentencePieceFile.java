package io.tramontane.model.tokenizer;

import io.tramontane.data.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a SentencePiece model, a message of Protocol Buffers (sentencepiece_model.proto): pieces with score and type, and
 * those settings of trainer and normalizer that change ids. Only what Mistral's models are: BPE with bytes for unknown
 * characters and no normalization. The file is untrusted; every length is checked before it is used.
 */
final class SentencePieceFile {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int BYTE = 6;

    private static final int MOST_PIECES = 1_000_000;
    private static final int LONGEST_PIECE = 256; // bytes; the published files have at most 48

    /** A piece and what it is. */
    record Piece(String text, float score, int type) {}

    private final String where;
    private final List<Piece> pieces = new ArrayList<>();
    private long model = 1;
    private boolean byteFallback;
    private boolean suffix;
    private boolean charsMap;
    private boolean blankFirst = true;
    private boolean stripped = true;
    private boolean escaped = true;

    private SentencePieceFile(String where) {
        this.where = where;
    }

    /** {@code where} names the file in errors. */
    static SentencePieceFile read(String where, byte[] file) {
        SentencePieceFile read = new SentencePieceFile(where);
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long key = read.number(in);
            ByteBuffer value = read.value(in, key);
            if (value != null && key >>> 3 == 1) read.piece(value);
            if (value != null && key >>> 3 == 2) read.trainer(value);
            if (value != null && key >>> 3 == 3) read.normalizer(value);
        }
        read.check();
        return read;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** A blank is put before each text. */
    boolean blankFirst() {
        return blankFirst;
    }

    private void check() {
        if (pieces.isEmpty()) throw bad("holds no pieces: not a SentencePiece model");
        if (model != 2) throw bad("trainer_spec.model_type " + model + ", allowed 2 (BPE)");
        if (!byteFallback) throw bad("trainer_spec.byte_fallback false, allowed true");
        if (suffix) throw bad("trainer_spec.treat_whitespace_as_suffix true, allowed false");
        if (charsMap) throw bad("normalizer_spec.precompiled_charsmap is set, allowed the identity only");
        if (stripped) throw bad("normalizer_spec.remove_extra_whitespaces true, allowed false");
        if (!escaped) throw bad("normalizer_spec.escape_whitespaces false, allowed true");
    }

    private void piece(ByteBuffer in) {
        String at = "pieces[" + pieces.size() + "]";
        if (pieces.size() >= MOST_PIECES) throw bad("more than " + MOST_PIECES + " pieces");
        String text = "";
        float score = 0;
        long type = NORMAL;
        while (in.hasRemaining()) {
            long key = number(in);
            if (key == (2 << 3 | 5)) {
                if (in.remaining() < 4) throw cut();
                score = in.getFloat();
            } else if (key == (3 << 3)) type = number(in);
            else {
                ByteBuffer value = value(in, key);
                if (value != null && key >>> 3 == 1) text = text(value, at);
            }
        }
        if (text.isEmpty()) throw bad(at + " has no text");
        if (!Float.isFinite(score)) throw bad(at + ".score " + score + ", allowed finite numbers");
        if (type < NORMAL || type > BYTE || type == 5)
            throw bad(at + ".type " + type + ", allowed 1 to 4 and 6 (an unused piece is not supported)");
        pieces.add(new Piece(text, score, (int) type));
    }

    private void trainer(ByteBuffer in) {
        while (in.hasRemaining()) {
            long key = number(in);
            if (key == (3 << 3)) model = number(in);
            else if (key == (35 << 3)) byteFallback = number(in) != 0;
            else if (key == (24 << 3)) suffix = number(in) != 0;
            else value(in, key);
        }
    }

    private void normalizer(ByteBuffer in) {
        while (in.hasRemaining()) {
            long key = number(in);
            if (key == (3 << 3)) blankFirst = number(in) != 0;
            else if (key == (4 << 3)) stripped = number(in) != 0;
            else if (key == (5 << 3)) escaped = number(in) != 0;
            else {
                ByteBuffer value = value(in, key);
                if (value != null && key >>> 3 == 2) charsMap = value.hasRemaining();
            }
        }
    }

    private String text(ByteBuffer value, String at) {
        if (value.remaining() > LONGEST_PIECE)
            throw bad(at + " has " + value.remaining() + " bytes, allowed " + LONGEST_PIECE);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(value).toString();
        } catch (CharacterCodingException e) {
            throw bad(at + " is not UTF-8");
        }
    }

    /** What a length-delimited field holds; null for another field, which is passed over. */
    private ByteBuffer value(ByteBuffer in, long key) {
        if (key >>> 3 == 0) throw cut();
        switch ((int) (key & 7)) {
            case 0 -> number(in);
            case 1 -> skip(in, 8);
            case 2 -> {
                long length = number(in);
                if (length < 0 || length > in.remaining()) throw cut();
                ByteBuffer value = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
                in.position(in.position() + (int) length);
                return value;
            }
            case 5 -> skip(in, 4);
            default -> throw cut();
        }
        return null;
    }

    private void skip(ByteBuffer in, int bytes) {
        if (in.remaining() < bytes) throw cut();
        in.position(in.position() + bytes);
    }

    private long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!in.hasRemaining()) throw cut();
            byte b = in.get();
            value |= (long) (b & 127) << shift;
            if (b >= 0) return value;
        }
        throw cut();
    }

    private BadInputException cut() {
        return bad("not a SentencePiece model: cut or damaged");
    }

    private BadInputException bad(String why) {
        return new BadInputException(where + ": " + why);
    }
}
