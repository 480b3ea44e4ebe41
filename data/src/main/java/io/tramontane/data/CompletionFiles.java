package io.tramontane.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Completion files: one completion a line, gzipped if the name ends in {@code .gz}. Errors name file and line. */
public final class CompletionFiles implements Iterator<CompletionRow>, AutoCloseable {
    private static final List<String> FIELDS = List.of("problemId", "group", "completion", "tokenCount");

    private final Rows lines;
    private final Set<String> problemIds;

    private CompletionFiles(Rows lines, Set<String> problemIds) {
        this.lines = lines;
        this.problemIds = problemIds;
    }

    /** Opens a file to be read completion by completion; each must answer one of these problems. */
    public static CompletionFiles open(Path file, Set<String> problemIds) {
        return new CompletionFiles(JsonLines.open(file), problemIds);
    }

    /** The same from rows of any form. */
    public static CompletionFiles open(Rows rows, Set<String> problemIds) {
        return new CompletionFiles(rows, problemIds);
    }

    /** All completions of a file. */
    public static List<CompletionRow> read(Path file, Set<String> problemIds) {
        try (CompletionFiles completions = open(file, problemIds)) {
            List<CompletionRow> all = new ArrayList<>();
            completions.forEachRemaining(all::add);
            return all;
        }
    }

    /** Writes a file; it is there as a whole, or not at all. */
    public static void write(Path file, Iterable<CompletionRow> completions) throws IOException {
        ProblemFiles.writeLines(file, completions, CompletionFiles::line);
    }

    /** One line without a line break. */
    public static String line(CompletionRow row) {
        ObjectNode object = JsonLines.JSON.createObjectNode();
        object.put("problemId", row.problemId());
        object.put("group", row.group());
        object.put("completion", row.completion());
        if (row.tokenCount() != null) object.put("tokenCount", row.tokenCount());
        for (Map.Entry<String, Object> extra : row.extra().entrySet()) {
            if (!object.has(extra.getKey())) object.set(extra.getKey(), JsonLines.JSON.valueToTree(extra.getValue()));
        }
        try {
            return JsonLines.JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("completion of " + row.problemId() + ": " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public boolean hasNext() {
        return lines.hasNext();
    }

    @Override
    public CompletionRow next() {
        JsonLines.Line line = lines.next();
        ObjectNode object = line.object();
        JsonLines.checkMissing(object, List.of("problemId", "group", "completion"), line.where());
        if (object.path("problemId").isIntegralNumber())
            object.put("problemId", object.path("problemId").asText());
        String problemId = JsonLines.filled(object, "problemId", line.where());
        if (!problemIds.contains(problemId))
            throw new BadInputException(
                    line.where() + ": problemId \"" + problemId + "\" is no problem of the problem file");
        return new CompletionRow(
                problemId,
                whole(object, "group", line.where(), Long.MAX_VALUE),
                JsonLines.string(object, "completion", line.where()),
                object.hasNonNull("tokenCount")
                        ? (int) whole(object, "tokenCount", line.where(), Integer.MAX_VALUE)
                        : null,
                ProblemJson.extra(object, FIELDS));
    }

    private static long whole(ObjectNode object, String field, String where, long largest) {
        JsonNode value = object.get(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0 || value.asLong() > largest)
            throw new BadInputException(where + ": field \"" + field + "\" is "
                    + (value.isNumber() ? value.asText() : value) + ", needs a whole number from 0 to " + largest);
        return value.asLong();
    }

    @Override
    public void close() {
        lines.close();
    }
}
