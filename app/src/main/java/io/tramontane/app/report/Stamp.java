package io.tramontane.app.report;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds to each row when it was written, and how many tokens and seconds the run has taken until then, over all resumes. */
final class Stamp {
    private final Clock clock;
    private final Instant opened;
    private final TreeMap<Integer, Long> tokens = new TreeMap<>();
    private double secondsBefore;

    /** Continues the counts of earlier processes. */
    Stamp(Clock clock, List<Map<String, Object>> before) {
        this.clock = clock;
        this.opened = clock.instant();
        tokens.put(0, 0L);
        for (Map<String, Object> values : before) {
            Row row = new Row(values);
            if (row.number("elapsedSeconds") > secondsBefore) secondsBefore = row.number("elapsedSeconds");
            if (row.text("kind").equals("train") && row.number("tokens") >= 0)
                tokens.put(row.step(), (long) row.number("tokens"));
        }
    }

    /** A copy with the three names. An evaluation gets the tokens of its own step, even if later steps are finished. */
    Map<String, Object> on(Map<String, Object> values) {
        Row row = new Row(values);
        Map<String, Object> stamped = new LinkedHashMap<>(values);
        String kind = row.text("kind");
        if (kind.equals("train")) {
            long trained = (long) Math.max(0, orZero(row.number("completionTokens")));
            tokens.put(row.step(), tokens.lowerEntry(Math.max(1, row.step())).getValue() + trained);
        }
        int step = kind.equals("end") ? Integer.MAX_VALUE : Math.max(0, row.step());
        stamped.put("tokens", tokens.floorEntry(step).getValue());
        stamped.put("elapsedSeconds", secondsBefore + sinceOpened());
        stamped.put("time", now().truncatedTo(ChronoUnit.MILLIS).toString());
        return stamped;
    }

    Instant now() {
        return clock.instant();
    }

    private double sinceOpened() {
        return Math.max(0, Duration.between(opened, clock.instant()).toMillis()) / 1e3;
    }

    private static double orZero(double value) {
        return Double.isFinite(value) ? value : 0;
    }
}
