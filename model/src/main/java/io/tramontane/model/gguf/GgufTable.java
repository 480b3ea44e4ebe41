package io.tramontane.model.gguf;

import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The tensor table of a GGUF file: name, sides, encoding, offset into the data, which follows it aligned. */
final class GgufTable {
    /** Encodings that are not read, for error messages. */
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"),
            Map.entry(40, "NVFP4"),
            Map.entry(41, "Q1_0"));

    private final GgufCursor cursor;
    private final long alignment;

    /** The cursor stands at the first entry. */
    GgufTable(GgufCursor cursor, int alignment) {
        this.cursor = cursor;
        this.alignment = alignment;
    }

    void read(long count, long fileBytes, Map<String, GgufTensor> into) {
        List<GgufTensor> entries = new ArrayList<>();
        for (long i = 0; Long.compareUnsigned(i, count) < 0; i++) entries.add(entry());
        long data = (cursor.position() + alignment - 1) / alignment * alignment;
        for (GgufTensor entry : entries) {
            GgufTensor tensor = placed(entry, data, fileBytes);
            if (into.put(tensor.name(), tensor) != null) throw cursor.bad("tensor " + tensor.name() + " appears twice");
        }
        GgufTensor before = null;
        List<GgufTensor> sorted = new ArrayList<>(into.values());
        sorted.sort(Comparator.comparingLong(GgufTensor::offset));
        for (GgufTensor tensor : sorted) {
            if (before != null && before.offset() + before.bytes() > tensor.offset())
                throw cursor.bad("tensors " + before.name() + " and " + tensor.name() + " overlap");
            before = tensor;
        }
    }

    /** The offset still counts from the start of the data. */
    private GgufTensor entry() {
        String name = cursor.string("a tensor's name");
        String what = "tensor " + name;
        int sides = cursor.int32(what);
        if (sides < 1 || sides > 4) throw cursor.bad(what + " has " + sides + " sides, allowed 1 to 4");
        long[] shape = new long[sides];
        long length = 1;
        for (int i = sides - 1; i >= 0; i--) {
            shape[i] = cursor.int64(what);
            if (shape[i] < 1 || shape[i] > Long.MAX_VALUE / 64 / length)
                throw cursor.bad(what + " has a side of " + Long.toUnsignedString(shape[i]) + ", which is impossible");
            length *= shape[i];
        }
        Encoding encoding = encoding(cursor.int32(what), what);
        if (shape[sides - 1] % encoding.blockLength() != 0)
            throw cursor.bad(what + " has rows of " + shape[sides - 1] + ", " + encoding + " needs a multiple of "
                    + encoding.blockLength());
        long bytes = length / encoding.blockLength() * encoding.blockBytes();
        return new GgufTensor(name, encoding, shape, cursor.int64(what), bytes);
    }

    private Encoding encoding(int code, String what) {
        for (Encoding encoding : Encoding.values()) if (code >= 0 && encoding.code() == code) return encoding;
        String named = OTHERS.containsKey(code) ? OTHERS.get(code) + " (" + code + ")" : "" + code;
        throw cursor.bad(what + " has the encoding " + named + ", which is not supported, allowed " + describe());
    }

    private static String describe() {
        return String.join(
                ", ",
                Arrays.stream(Encoding.values())
                        .filter(encoding -> encoding.code() >= 0)
                        .map(encoding -> encoding + " (" + encoding.code() + ")")
                        .toList());
    }

    private GgufTensor placed(GgufTensor entry, long data, long fileBytes) {
        long room = fileBytes - data;
        if (entry.offset() < 0 || entry.offset() % alignment != 0 || entry.offset() > room - entry.bytes())
            throw cursor.bad("tensor " + entry.name() + ": offset " + Long.toUnsignedString(entry.offset()) + " and "
                    + entry.bytes() + " bytes, the file has " + Math.max(0, room) + " bytes of data, aligned to "
                    + alignment);
        return new GgufTensor(entry.name(), entry.encoding(), entry.shape(), data + entry.offset(), entry.bytes());
    }
}
