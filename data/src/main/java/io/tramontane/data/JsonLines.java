package io.tramontane.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;

/**
 * A file of one JSON object a line, read line by line so that its size does not matter; gzipped if its name ends in
 * {@code .gz}. What cannot be read is a {@link BadInputException} that names file and line.
 */
public final class JsonLines implements Rows {
    public static final JsonMapper JSON = JsonReading.strict();

    private static final int MOST_TOLD = 12;

    private final LineReader lines;
    private final String name;
    private String where;
    private byte[] next;

    /** One object and where it stands, {@code FILE:LINE}. */
    public record Line(ObjectNode object, String where) {}

    /** Reads an open stream; {@code name} is what errors call it, and its ending says whether it is gzipped. */
    public JsonLines(InputStream in, String name) {
        this.name = name;
        this.lines = new LineReader(in, name);
        advance();
        if (next == null) throw new EmptyInputException(name + ": the file is empty, needs at least one JSON object");
    }

    /** Opens a file. */
    public static JsonLines open(Path file) {
        if (!Files.isRegularFile(file)) throw new BadInputException(file + ": no such file");
        try {
            return new JsonLines(Files.newInputStream(file), file.toString());
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Opens a file, wherever it is. */
    public static JsonLines open(StoragePath file) {
        return new JsonLines(file.open(), file.name());
    }

    /** Writes the bytes of a file, gzipped if its name ends in {@code .gz}; the caller ends each line with {@code \n}. */
    static BufferedWriter writer(OutputStream bytes, Path file) throws IOException {
        OutputStream out = Codec.isGzip(file.toString()) ? new GZIPOutputStream(bytes, 1 << 16) : bytes;
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Line next() {
        if (next == null) throw new NoSuchElementException(name + " has no more lines");
        String here = where;
        byte[] bytes = next;
        advance();
        return new Line(parse(LineReader.text(bytes, here), here), here);
    }

    /** Parses one line. */
    public static ObjectNode parse(String line, String where) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node instanceof ObjectNode object) return object;
            throw new BadInputException(where + ": not a JSON object but "
                    + (node == null || node.isMissingNode() ? "an empty line" : type(node)));
        } catch (JsonProcessingException e) {
            throw new BadInputException(where + ": not a JSON object: " + JsonReading.fault(e));
        }
    }

    private void advance() {
        next = null; // a file that cannot be read on has ended
        next = lines.next();
        where = lines.where();
    }

    static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> isFinite(node) ? "a number" : node.asText();
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }

    /** All fields that are not there, in one message; it lists those that are, because one may be spelled in another way. */
    static void checkMissing(ObjectNode object, List<String> needed, String where) {
        List<String> missing = needed.stream()
                .filter(field -> !object.has(field))
                .map(field -> '"' + field + '"')
                .toList();
        if (missing.isEmpty()) return;
        List<String> there = new ArrayList<>();
        object.fieldNames().forEachRemaining(field -> {
            if (!needed.contains(field) && there.size() < MOST_TOLD) there.add('"' + field + '"');
        });
        throw new BadInputException(where + ": "
                + (missing.size() == 1
                        ? "field " + missing.get(0) + " is missing"
                        : "fields " + String.join(", ", missing) + " are missing")
                + (there.isEmpty() ? "" : "; other fields of the line are " + String.join(", ", there)));
    }

    /** False for NaN, infinities and numbers that are too large for a double: {@code 1e999}. */
    public static boolean isFinite(JsonNode number) {
        return !number.isFloatingPointNumber() || Double.isFinite(number.doubleValue());
    }

    /** A field that must be a string; may be empty. */
    public static String string(ObjectNode object, String field, String where) {
        JsonNode value = object.get(field);
        if (value == null) throw new BadInputException(where + ": field \"" + field + "\" is missing");
        if (!value.isTextual())
            throw new BadInputException(where + ": field \"" + field + "\" must be a string, not " + type(value));
        return value.textValue();
    }

    /** A field that must be a string with something in it. */
    public static String filled(ObjectNode object, String field, String where) {
        String value = string(object, field, where);
        if (value.isBlank()) throw new BadInputException(where + ": field \"" + field + "\" is empty");
        return value;
    }

    /** A field that must be a list of at least one string. */
    public static List<String> strings(ObjectNode object, String field, String where) {
        JsonNode list = object.path(field);
        List<String> strings = new ArrayList<>();
        for (JsonNode item : list) if (item.isTextual()) strings.add(item.textValue());
        if (!list.isArray() || list.isEmpty() || strings.size() < list.size())
            throw new BadInputException(where + ": field \"" + field + "\" must be a list of strings");
        return strings;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new BadInputException(name + ": cannot be closed: " + e.getMessage());
        }
    }
}
