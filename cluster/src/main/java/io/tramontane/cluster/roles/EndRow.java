package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Audit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The last row of metrics.jsonl: what became of every group, and why the run ended. */
final class EndRow {
    private EndRow() {}

    /** Counts are of groups, {@code seconds} of training. */
    static Map<String, Object> of(Audit audit, double seconds, String reason) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("leased", audit.leased());
        counts.put("trained", audit.trained());
        counts.put("dropped", audit.dropped());
        counts.put("inFlight", audit.inFlight());
        counts.put("lost", audit.lost().size());
        counts.put("twice", audit.twice().size());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "end");
        row.put("ledger", counts);
        row.put("trainSeconds", seconds);
        row.put("reason", reason);
        return row;
    }
}
