package io.tramontane.app.serve;

import java.util.List;

/**
 * Text of an answer without what begins at a stop string. What may still become one is held back until it is none, so that
 * a stream never shows a part of it.
 */
final class StopText {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    StopText(List<String> stops) {
        this.stops = stops;
    }

    /** Takes more text; returns what can be shown now. */
    String add(String text) {
        if (stops.isEmpty()) return text;
        if (stopped) return "";
        held.append(text);
        int cut = first();
        if (cut >= 0) {
            stopped = true;
            String shown = held.substring(0, cut);
            held.setLength(0);
            return shown;
        }
        int keep = 0;
        for (String stop : stops) keep = Math.max(keep, begun(stop));
        String shown = held.substring(0, held.length() - keep);
        held.delete(0, held.length() - keep);
        return shown;
    }

    /** The rest, when no more text comes. */
    String end() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    private int first() {
        int found = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (found < 0 || at < found)) found = at;
        }
        return found;
    }

    /** Characters at the end that are the beginning of a stop string. */
    private int begun(String stop) {
        for (int count = Math.min(stop.length() - 1, held.length()); count > 0; count--)
            if (stop.regionMatches(0, held.substring(held.length() - count), 0, count)) return count;
        return 0;
    }
}
