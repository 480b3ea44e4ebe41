package io.tramontane.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of one JSON object a line, to which a process appends until it may be killed. A last line without its newline
 * is an incomplete write, and readers skip it; an invalid line anywhere else is an error.
 */
final class RowFile {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final TypeReference<LinkedHashMap<String, Object>> ROW = new TypeReference<>() {};

    private RowFile() {}

    /** One line without its newline. JSON has no NaN or infinity: they become null. */
    static String line(Map<String, Object> row) {
        try {
            return JSON.writeValueAsString(finite(row));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("row cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Adds rows in one write. */
    static void append(Path file, List<Map<String, Object>> rows) throws IOException {
        Files.write(file, bytes(rows), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Replaces the whole file; a reader sees the old or the new one. */
    static void replace(Path file, List<Map<String, Object>> rows) throws IOException {
        replace(file, bytes(rows));
    }

    /** Replaces the whole file; a reader sees the old or the new one. */
    static void replace(Path file, byte[] content) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        Files.write(beside, content);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** All whole rows; none if there is no file. */
    static List<Map<String, Object>> read(Path file) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (!Files.exists(file)) return rows;
        byte[] content = Files.readAllBytes(file);
        int number = 0;
        for (int start = 0, end; (end = endOfLine(content, start)) >= 0; start = end + 1) {
            number++;
            try {
                rows.add(JSON.readValue(content, start, end - start, ROW));
            } catch (IOException e) {
                throw new BadInputException(file + ":" + number + ": not a JSON object");
            }
        }
        return rows;
    }

    private static int endOfLine(byte[] content, int from) {
        for (int i = from; i < content.length; i++) if (content[i] == '\n') return i;
        return -1;
    }

    private static byte[] bytes(List<Map<String, Object>> rows) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> row : rows) text.append(line(row)).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<Object> finiteElements(List<?> list) {
        List<Object> copy = new ArrayList<>(list.size());
        for (Object element : list) copy.add(finite(element));
        return copy;
    }

    private static Object finite(Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) return null;
        if (value instanceof Float number && !Float.isFinite(number)) return null;
        if (value instanceof List<?> list) return finiteElements(list);
        if (!(value instanceof Map<?, ?> map)) return value;
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, inner) -> copy.put(key, finite(inner)));
        return copy;
    }
}
