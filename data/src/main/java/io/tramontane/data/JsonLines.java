package io.tramontane.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A file of one JSON object a line, read line by line so that its size does not matter; gzipped if its name ends in
 * {@code .gz}. What cannot be read is a {@link BadInputException} that names file and line.
 */
public final class JsonLines implements Rows {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int LONGEST_LINE = 256 << 20;

    private final InputStream in;
    private final String name;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private long number;
    private byte[] next;

    /** One object and where it stands, {@code FILE:LINE}. */
    public record Line(ObjectNode object, String where) {}

    /** Reads an open stream; {@code name} is what errors call it, and its ending says whether it is gzipped. */
    public JsonLines(InputStream in, String name) {
        this.name = name;
        try {
            this.in = name.endsWith(".gz") ? new GZIPInputStream(in, buffer.length) : in;
        } catch (IOException e) {
            throw new BadInputException(name + ": not a gzip file: " + e.getMessage());
        }
        advance();
        if (next == null) throw new BadInputException(name + ": the file is empty, needs at least one JSON object");
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

    /** Writes to a file, gzipped if its name ends in {@code .gz}; the caller ends each line with {@code \n}. */
    static BufferedWriter writer(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        if (file.toString().endsWith(".gz")) out = new GZIPOutputStream(out, 1 << 16);
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Line next() {
        if (next == null) throw new NoSuchElementException(name + " has no more lines");
        String where = name + ":" + number;
        byte[] bytes = next;
        advance();
        return new Line(parse(text(bytes, where), where), where);
    }

    /** Parses one line. */
    public static ObjectNode parse(String line, String where) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node instanceof ObjectNode object) return object;
            throw new BadInputException(where + ": not a JSON object but "
                    + (node == null || node.isMissingNode() ? "an empty line" : type(node)));
        } catch (JsonProcessingException e) {
            throw new BadInputException(where + ": not a JSON object: "
                    + e.getOriginalMessage()
                            .lines()
                            .findFirst()
                            .orElse("")
                            .replaceAll("\\s*\\(start marker at .*", "")
                            .replaceAll("\\s+", " "));
        }
    }

    private static String text(byte[] bytes, String where) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(where + ": not UTF-8");
        }
    }

    private void advance() {
        number++;
        next = null; // a file that cannot be read on has ended
        try {
            if (at == filled && !fill()) return;
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            do {
                int end = at;
                while (end < filled && buffer[end] != '\n') end++;
                line.write(buffer, at, end - at);
                if (line.size() > LONGEST_LINE)
                    throw new BadInputException(name + ":" + number + ": line longer than " + LONGEST_LINE + " bytes");
                at = Math.min(end + 1, filled);
                if (end < filled) break;
            } while (fill());
            next = line.toByteArray();
        } catch (IOException e) {
            throw new BadInputException(name + ":" + number + ": cannot be read: " + e.getMessage());
        }
    }

    /** The next bytes of the file into the buffer; false at its end. */
    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    static String type(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }

    /** A field that must be a string; may be empty. */
    static String string(ObjectNode object, String field, String where) {
        JsonNode value = object.get(field);
        if (value == null) throw new BadInputException(where + ": field \"" + field + "\" is missing");
        if (!value.isTextual())
            throw new BadInputException(where + ": field \"" + field + "\" must be a string, not " + type(value));
        return value.textValue();
    }

    /** A field that must be a string with something in it. */
    static String filled(ObjectNode object, String field, String where) {
        String value = string(object, field, where);
        if (value.isBlank()) throw new BadInputException(where + ": field \"" + field + "\" is empty");
        return value;
    }

    /** A field that must be a list of at least one string. */
    static List<String> strings(ObjectNode object, String field, String where) {
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
            in.close();
        } catch (IOException e) {
            throw new BadInputException(name + ": cannot be closed: " + e.getMessage());
        }
    }
}
