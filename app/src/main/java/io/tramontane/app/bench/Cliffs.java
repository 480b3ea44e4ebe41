package io.tramontane.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/** Finds where more of something makes fewer tokens a second: a layout or a number of threads that does not fit the machine. */
final class Cliffs {
    private Cliffs() {}

    /**
     * Numbers whose rate is below that of the next smaller one.
     *
     * @param rates tokens a second in all, by number
     * @param what of what there are so many, e.g. "sequences"
     * @return a line for each
     */
    static List<String> of(NavigableMap<Integer, Double> rates, String what) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<Integer, Double> here : rates.entrySet()) {
            Map.Entry<Integer, Double> fewer = rates.lowerEntry(here.getKey());
            if (fewer == null || here.getValue() >= fewer.getValue()) continue;
            found.add(String.format(
                    Locale.ROOT,
                    "slower with more: %d %s decode %.1f tokens/s in all, %d decode %.1f",
                    here.getKey(),
                    what,
                    here.getValue(),
                    fewer.getKey(),
                    fewer.getValue()));
        }
        return found;
    }
}
