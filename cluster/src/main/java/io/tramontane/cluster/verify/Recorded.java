package io.tramontane.cluster.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.data.AppendLog;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ledger recorded until now. This is the one place where {@code verify} reads the ledger.
 *
 * @param history batches and steps with their digests
 * @param audit what became of every group
 * @param groups of each batch
 * @param events lines of the ledger
 */
record Recorded(History history, Audit audit, Map<Integer, List<Long>> groups, long events) {
    private static final ObjectMapper JSON = JsonReading.mapper();

    static Recorded read(StoragePath events) throws IOException {
        Map<Integer, List<Long>> groups = new TreeMap<>();
        long[] lines = {0};
        AppendLog.read(events, line -> {
            lines[0]++;
            collect(line.bytes(), groups);
        });
        return new Recorded(History.read(events), Audit.of(events), groups, lines[0]);
    }

    private static void collect(byte[] line, Map<Integer, List<Long>> groups) {
        try {
            JsonNode event = JSON.readTree(line);
            if (!event.path("event").asText().equals("batch")) return;
            List<Long> ids = new ArrayList<>();
            event.path("groups").forEach(id -> ids.add(id.asLong()));
            groups.put(event.path("step").asInt(), ids);
        } catch (IOException unreadable) { // the ledger's own reader says so
        }
    }
}
