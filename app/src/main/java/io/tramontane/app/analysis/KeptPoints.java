package io.tramontane.app.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Evaluated points in a file, so that a killed analysis continues: the first line says what was analysed and how, every other
 * line is a point. The file is deleted when the analysis is complete.
 */
public final class KeptPoints implements AutoCloseable {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private final Map<Integer, PlanePoint> points = new TreeMap<>();
    private final LocalStorage file;
    private final AppendLog log;

    private KeptPoints(LocalStorage file, AppendLog log) {
        this.file = file;
        this.log = log;
    }

    /** Reads what is there; {@code path} null keeps nothing. Points of another analysis are bad input. */
    public static KeptPoints open(Path path, String identity) {
        if (path == null) return new KeptPoints(null, null);
        LocalStorage file = new LocalStorage(path);
        Map<Integer, PlanePoint> kept = new TreeMap<>();
        try {
            boolean[] begun = new boolean[1];
            AppendLog.read(file, line -> {
                JsonNode json = object(path, line);
                if (line.number() > 1) take(path, line.number(), json, kept);
                else checkSame(path, json.path("analysis").asText(), identity);
                begun[0] = true;
            });
            KeptPoints points = new KeptPoints(file, AppendLog.open(file));
            points.points.putAll(kept);
            if (!begun[0]) points.line(Map.of("analysis", identity));
            return points;
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be used (" + e.getMessage() + ")");
        }
    }

    private static JsonNode object(Path path, AppendLog.Line line) {
        try {
            return JSON.readTree(line.bytes());
        } catch (IOException e) {
            throw new BadInputException(path + ":" + line.number() + ": no JSON object");
        }
    }

    private static void checkSame(Path path, String kept, String identity) {
        if (!kept.equals(identity))
            throw new BadInputException(
                    path + ": holds points of another analysis, remove it (" + kept + "; this one: " + identity + ")");
    }

    private static void take(Path path, int number, JsonNode json, Map<Integer, PlanePoint> into) {
        try {
            into.put(json.path("number").asInt(-1), JSON.treeToValue(json.path("point"), PlanePoint.class));
        } catch (JsonProcessingException e) {
            throw new BadInputException(path + ":" + number + ": no point of a plane");
        }
    }

    /** Evaluated points by number. */
    public Map<Integer, PlanePoint> points() {
        return points;
    }

    /** Keeps a point; a kill after this does not lose it. */
    public void add(int number, PlanePoint point) {
        points.put(number, point);
        if (log != null) line(Map.of("number", number, "point", point));
    }

    private void line(Map<String, Object> values) {
        try {
            log.append(JSON.writeValueAsString(values) + "\n");
            log.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("points cannot be kept", e);
        }
    }

    /** The analysis is complete. */
    public void delete() {
        if (file == null) return;
        close();
        try {
            file.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(file.name() + ": cannot be deleted", e);
        }
    }

    @Override
    public void close() {
        if (log == null) return;
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException("points cannot be kept", e);
        }
    }
}
