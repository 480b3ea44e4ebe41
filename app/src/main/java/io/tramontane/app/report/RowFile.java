package io.tramontane.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import io.tramontane.data.WholeLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of one JSON object a line, to which a process appends until it may be killed. A last line without its newline
 * is an incomplete write, and readers skip it; an invalid line anywhere else is an error.
 */
public final class RowFile {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final TypeReference<LinkedHashMap<String, Object>> ROW = new TypeReference<>() {};

    private RowFile() {}

    /** One line without its newline. JSON has no NaN or infinity: they become null. */
    public static String line(Map<String, Object> row) {
        try {
            return JSON.writeValueAsString(finite(row));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("row cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Adds rows in one write; where nothing can be appended to, the small file is written again. */
    static void append(StoragePath file, List<Map<String, Object>> rows) throws IOException {
        if (!file.isRemote()) {
            Files.write(file.local(), bytes(rows), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return;
        }
        List<Map<String, Object>> all = read(file);
        all.addAll(rows);
        replace(file, all);
    }

    /** Replaces the whole file; a reader sees the old or the new one. */
    static void replace(StoragePath file, List<Map<String, Object>> rows) throws IOException {
        file.replace(bytes(rows));
    }

    /** All whole rows; none if there is no file. */
    static List<Map<String, Object>> read(StoragePath file) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (!file.exists()) return rows;
        try (InputStream in = file.open()) {
            WholeLines.read(in, line -> rows.add(row(file, line)));
        }
        return rows;
    }

    /** All whole rows of a log. */
    static List<Map<String, Object>> readLog(StoragePath file) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        AppendLog.read(file, line -> rows.add(row(file, line)));
        return rows;
    }

    private static Map<String, Object> row(StoragePath file, AppendLog.Line line) {
        try {
            return JSON.readValue(line.bytes(), ROW);
        } catch (IOException e) {
            throw new BadInputException(file.name() + ":" + line.number() + ": not a JSON object");
        }
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
