package io.tramontane.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.AppendLog;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import io.tramontane.data.WholeLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of one JSON object a line, to which a process appends until it may be killed. A last line without its newline
 * is an incomplete write, and readers skip it; a line anywhere else that is no row is left out with a warning.
 */
public final class RowFile {
    private static final Logger LOG = LoggerFactory.getLogger(RowFile.class);
    private static final String UNREADABLE = ".unreadable";
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final TypeReference<LinkedHashMap<String, Object>> ROW = new TypeReference<>() {};

    /**
     * A whole line that is no row.
     *
     * @param fault file, line and what is wrong
     * @param bytes of the line
     */
    record Unreadable(String fault, byte[] bytes) {}

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

    /** All readable rows; none if there is no file. */
    static List<Map<String, Object>> read(StoragePath file) throws IOException {
        return read(file, RowFile::log);
    }

    /**
     * The same; hears of every whole line that is no row, with file and line. Such a line is left out: a report must never
     * stop a run.
     */
    static List<Map<String, Object>> read(StoragePath file, Consumer<Unreadable> unreadable) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        if (!file.exists()) return rows;
        try (InputStream in = file.open()) {
            WholeLines.read(in, line -> row(file, line, unreadable).ifPresent(rows::add));
        }
        return rows;
    }

    /** All readable rows of a log. */
    static List<Map<String, Object>> readLog(StoragePath file) throws IOException {
        return readLog(file, RowFile::log);
    }

    /** The same; hears of lines that are left out. */
    static List<Map<String, Object>> readLog(StoragePath file, Consumer<Unreadable> unreadable) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        AppendLog.read(file, line -> row(file, line, unreadable).ifPresent(rows::add));
        return rows;
    }

    private static Optional<Map<String, Object>> row(
            StoragePath file, AppendLog.Line line, Consumer<Unreadable> unreadable) {
        try {
            Map<String, Object> row = JSON.readValue(line.bytes(), ROW);
            if (row != null) return Optional.of(row);
        } catch (IOException e) { // said below
        }
        unreadable.accept(new Unreadable(file.name() + ":" + line.number() + ": not a JSON object", line.bytes()));
        return Optional.empty();
    }

    private static void log(Unreadable line) {
        LOG.warn(line.fault());
    }

    /**
     * Before a file is written again without its unreadable lines: keeps them in a file beside it, and says so.
     *
     * @param lines none does nothing
     */
    static void keep(StoragePath file, List<Unreadable> lines, Consumer<String> tell) throws IOException {
        if (lines.isEmpty()) return;
        StoragePath beside = file.beside(UNREADABLE);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (beside.exists()) all.writeBytes(beside.bytes());
        for (Unreadable line : lines) {
            all.writeBytes(line.bytes());
            all.write('\n');
        }
        beside.replace(all.toByteArray());
        for (Unreadable line : lines)
            tell.accept("warning: " + line.fault() + "; left out and kept in " + beside.fileName());
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
