package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The marks on the time axis of charts: existing checkpoints, resumes, restarts, stages and failures. */
final class TimeMarks {
    private static final int MOST_CHECKPOINTS = 100;

    private TimeMarks() {}

    static List<Map<String, Object>> of(RunSummary summary, int[] checkpoints) {
        List<Map<String, Object>> marks = new ArrayList<>();
        for (int i = Math.max(0, checkpoints.length - MOST_CHECKPOINTS); i < checkpoints.length; i++)
            marks.add(mark(checkpoints[i], "checkpoint", "checkpoints/", ""));
        boolean first = true;
        for (Row row : summary.marks()) {
            boolean start = row.text("kind").equals("start");
            String kind = start ? "resume" : row.text("event");
            if (!start || !first)
                marks.add(mark(row.step(), kind, start ? row.text("host") : row.text("detail"), row.text("time")));
            if (start) first = false;
        }
        if (RunSummary.isFailure(summary.end().text("reason")))
            marks.add(mark(
                    summary.steps(),
                    "failure",
                    summary.end().text("reason"),
                    summary.end().text("time")));
        return marks;
    }

    private static Map<String, Object> mark(int step, String kind, String text, String time) {
        Map<String, Object> mark = new LinkedHashMap<>();
        mark.put("step", step);
        mark.put("kind", kind);
        mark.put("text", text);
        mark.put("time", time);
        return mark;
    }
}
