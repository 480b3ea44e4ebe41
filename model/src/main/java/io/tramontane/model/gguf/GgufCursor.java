package io.tramontane.model.gguf;

import io.tramontane.data.BadInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a GGUF file's numbers and texts one after the other; whatever reaches beyond the file is a clear error. */
final class GgufCursor {
    /** The format's types of metadata values, by number; 0 bytes where the size varies. */
    enum Type {
        UINT8(1),
        INT8(1),
        UINT16(2),
        INT16(2),
        UINT32(4),
        INT32(4),
        FLOAT32(4),
        BOOL(1),
        STRING(0),
        ARRAY(0),
        UINT64(8),
        INT64(8),
        FLOAT64(8);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        boolean integer() {
            return this != FLOAT32 && this != FLOAT64 && this != BOOL && bytes > 0;
        }

        boolean real() {
            return this == FLOAT32 || this == FLOAT64;
        }
    }

    private final Path file;
    private final ByteBuffer bytes;

    /** The buffer is little-endian and starts where the file starts. */
    GgufCursor(Path file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** The same bytes from another position on. */
    GgufCursor at(int position) {
        return new GgufCursor(file, bytes.duplicate().order(bytes.order()).position(position));
    }

    int position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    BadInputException bad(String what) {
        return new BadInputException(file + ": " + what);
    }

    private void need(long count, String what) {
        if (count < 0 || count > bytes.remaining())
            throw bad(what + " at byte " + bytes.position() + " needs " + Long.toUnsignedString(count)
                    + " bytes, the file has " + bytes.remaining() + " left");
    }

    void skip(long count, String what) {
        need(count, what);
        bytes.position(bytes.position() + (int) count);
    }

    int int32(String what) {
        need(4, what);
        return bytes.getInt();
    }

    long int64(String what) {
        need(8, what);
        return bytes.getLong();
    }

    Type type(String what) {
        int code = int32(what);
        if (code < 0 || code >= Type.values().length)
            throw bad(what + " has the value type " + code + ", allowed 0 to " + (Type.values().length - 1));
        return Type.values()[code];
    }

    String string(String what) {
        long length = int64(what);
        need(length, what);
        byte[] utf8 = new byte[(int) length];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    void skipString(String what) {
        skip(int64(what), what);
    }

    long integer(Type type, String what) {
        need(type.bytes, what);
        return switch (type) {
            case UINT8 -> bytes.get() & 0xFF;
            case INT8 -> bytes.get();
            case UINT16 -> bytes.getShort() & 0xFFFF;
            case INT16 -> bytes.getShort();
            case UINT32 -> bytes.getInt() & 0xFFFF_FFFFL;
            case INT32 -> bytes.getInt();
            case UINT64, INT64 -> bytes.getLong();
            default -> throw bad(what + " is " + type + ", expected an integer");
        };
    }

    double real(Type type, String what) {
        need(type.bytes, what);
        return switch (type) {
            case FLOAT32 -> bytes.getFloat();
            case FLOAT64 -> bytes.getDouble();
            default -> integer(type, what);
        };
    }

    boolean bool(String what) {
        need(1, what);
        return bytes.get() != 0;
    }
}
