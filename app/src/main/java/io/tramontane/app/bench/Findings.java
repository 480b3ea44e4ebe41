package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import java.util.Locale;
import java.util.function.Consumer;

/** The figures of a benchmark: lines of text, passed on at once, and JSON. */
public final class Findings {
    private final ObjectNode json = JsonReading.mapper().createObjectNode();
    private final Consumer<String> listener;

    /** The listener receives each line at once. */
    public Findings(String area, Consumer<String> listener) {
        this.listener = listener;
        json.put("area", area);
        ObjectNode machine = json.putObject("machine");
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("java", System.getProperty("java.version"));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    /** A line, formatted as by {@link String#format}. */
    public void print(String format, Object... values) {
        listener.accept(String.format(Locale.ROOT, format, values));
    }

    /** A new object of numbers. */
    public ObjectNode group(String name) {
        return json.putObject(name);
    }

    /** The whole as JSON. */
    public ObjectNode json() {
        return json;
    }

    /** The value that a share of the values does not exceed; {@code sorted} ascending. */
    static double quantile(double[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(sorted.length - 1, rank))];
    }
}
