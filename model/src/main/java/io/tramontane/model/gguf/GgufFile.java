package io.tramontane.model.gguf;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufCursor.Type;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A GGUF file (versions 2 and 3, little-endian): metadata by key, and the table of its tensors. The file is
 * memory-mapped; values are decoded when they are asked for, so an open file costs its keys only. Every error is a
 * {@link BadInputException} of one line that names file and key.
 *
 * <p>Asking for a key with a type that it does not have is an error; a key that is absent is an empty answer.
 */
public final class GgufFile {
    private static final int MAGIC = 0x46554747; // the letters GGUF, little-endian

    /** Where a value lies; {@code count} is -1 unless it is an array. */
    private record Value(Type type, int position, int count) {}

    private final Path file;
    private final GgufCursor start;
    private final Map<String, Value> metadata = new LinkedHashMap<>();
    private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();

    private GgufFile(Path file, GgufCursor start) {
        this.file = file;
        this.start = start;
    }

    /** Opens and checks a file. */
    public static GgufFile open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer head = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, Integer.MAX_VALUE));
            GgufFile gguf = new GgufFile(file, new GgufCursor(file, head.order(ByteOrder.LITTLE_ENDIAN)));
            gguf.read(size);
            return gguf;
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private void read(long size) {
        GgufCursor cursor = start.at(0);
        if (cursor.remaining() < 24 || cursor.int32("magic") != MAGIC)
            throw cursor.bad("is no GGUF file: it does not begin with the letters GGUF");
        int version = cursor.int32("version");
        if (version != 2 && version != 3) throw cursor.bad("GGUF version " + version + ", allowed 2 and 3");
        long tensorCount = cursor.int64("number of tensors");
        long keyCount = cursor.int64("number of metadata keys");
        for (long i = 0; Long.compareUnsigned(i, keyCount) < 0; i++) readValue(cursor);
        new GgufTable(cursor, alignment(cursor)).read(tensorCount, size, tensors);
    }

    private void readValue(GgufCursor cursor) {
        String key = cursor.string("a metadata key");
        Type type = cursor.type(key);
        Value value = new Value(type, cursor.position(), -1);
        if (type == Type.STRING) {
            cursor.skipString(key);
        } else if (type != Type.ARRAY) {
            cursor.skip(type.bytes, key);
        } else {
            Type element = cursor.type(key);
            long count = cursor.int64(key);
            if (element == Type.ARRAY) throw cursor.bad(key + " is an array of arrays, which is not supported");
            long least = element == Type.STRING ? 8 : element.bytes; // a text begins with its length
            if (count < 0 || count > cursor.remaining() / least)
                throw cursor.bad(key + " states " + Long.toUnsignedString(count) + " values, the file has room for "
                        + cursor.remaining() / least);
            value = new Value(element, cursor.position(), (int) count);
            if (element == Type.STRING) for (long i = 0; i < count; i++) cursor.skipString(key);
            else cursor.skip(count * element.bytes, key);
        }
        if (metadata.put(key, value) != null) throw cursor.bad("metadata key " + key + " appears twice");
    }

    private int alignment(GgufCursor cursor) {
        long alignment = integer("general.alignment").orElse(32);
        if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1)
            throw cursor.bad("general.alignment " + alignment + ", allowed powers of two up to 1048576");
        return (int) alignment;
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Metadata keys in the order of the file. */
    public Set<String> keys() {
        return java.util.Collections.unmodifiableSet(metadata.keySet());
    }

    /** Tensors by llama.cpp's names, in the order of the file. */
    public Map<String, GgufTensor> tensors() {
        return java.util.Collections.unmodifiableMap(tensors);
    }

    /** A text. */
    public Optional<String> text(String key) {
        Value value = scalar(key, "a text", v -> v.type == Type.STRING);
        return value == null
                ? Optional.empty()
                : Optional.of(start.at(value.position).string(key));
    }

    /** An integer of any width; 64 bits without sign come as they are. */
    public OptionalLong integer(String key) {
        Value value = scalar(key, "an integer", v -> v.type.integer());
        if (value == null) return OptionalLong.empty();
        return OptionalLong.of(start.at(value.position).integer(value.type, key));
    }

    /** A number. */
    public OptionalDouble real(String key) {
        Value value = scalar(key, "a number", v -> v.type.real() || v.type.integer());
        if (value == null) return OptionalDouble.empty();
        return OptionalDouble.of(start.at(value.position).real(value.type, key));
    }

    /** A truth value; {@code otherwise} when the key is absent. */
    public boolean flag(String key, boolean otherwise) {
        Value value = scalar(key, "true or false", v -> v.type == Type.BOOL);
        return value == null ? otherwise : start.at(value.position).bool(key);
    }

    /** A list of texts, e.g. tokenizer.ggml.tokens. */
    public Optional<List<String>> texts(String key) {
        Value value = array(key, "a list of texts", v -> v.type == Type.STRING);
        if (value == null) return Optional.empty();
        GgufCursor cursor = start.at(value.position);
        List<String> texts = new ArrayList<>(value.count);
        for (int i = 0; i < value.count; i++) texts.add(cursor.string(key));
        return Optional.of(texts);
    }

    /** A list of numbers, e.g. tokenizer.ggml.scores. */
    public Optional<float[]> reals(String key) {
        Value value = array(key, "a list of numbers", v -> v.type.real() || v.type.integer());
        if (value == null) return Optional.empty();
        GgufCursor cursor = start.at(value.position);
        float[] reals = new float[value.count];
        for (int i = 0; i < reals.length; i++) reals[i] = (float) cursor.real(value.type, key);
        return Optional.of(reals);
    }

    /** A list of integers, e.g. tokenizer.ggml.token_type; wider ones are cut to 32 bits. */
    public Optional<int[]> integers(String key) {
        Value value = array(key, "a list of integers", v -> v.type.integer());
        if (value == null) return Optional.empty();
        GgufCursor cursor = start.at(value.position);
        int[] integers = new int[value.count];
        for (int i = 0; i < integers.length; i++) integers[i] = (int) cursor.integer(value.type, key);
        return Optional.of(integers);
    }

    private interface Test {
        boolean fits(Value value);
    }

    private Value scalar(String key, String expected, Test test) {
        Value value = metadata.get(key);
        if (value != null && (value.count >= 0 || !test.fits(value))) throw mistyped(key, value, expected);
        return value;
    }

    private Value array(String key, String expected, Test test) {
        Value value = metadata.get(key);
        if (value != null && (value.count < 0 || !test.fits(value))) throw mistyped(key, value, expected);
        return value;
    }

    private BadInputException mistyped(String key, Value value, String expected) {
        String found = value.count < 0 ? "" + value.type : "a list of " + value.type;
        return start.bad(key + " is " + found + ", expected " + expected);
    }
}
