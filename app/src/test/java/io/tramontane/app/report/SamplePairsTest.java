package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplePairsTest {
    @Test
    void theNewestAfterIsPairedWithTheFirstBefore() {
        List<SamplePairs.Pair> pairs = SamplePairs.of(List.of(
                sample("p", "before", "en", 1, "WRONG"),
                sample("q", "before", "en", 1, "WRONG"),
                sample("p", "train", "en", 1, "TIME_LIMIT"),
                sample("p", "after", "en", 1, "WRONG"),
                sample("p", "after", "en", 1, "CORRECT")));
        assertEquals(1, pairs.size());
        assertEquals("CORRECT", pairs.get(0).after().text("verdict"));
    }

    @Test
    void thePickIsTwoLearnedAndOneStillWrongHardFirstEachInAnotherLanguage() {
        List<Map<String, Object>> samples = new ArrayList<>();
        pair(samples, "easy", "en", 1, "WRONG", "CORRECT");
        pair(samples, "hard", "fr", 6, "WRONG", "CORRECT");
        pair(samples, "hardToo", "fr", 5, "WRONG", "CORRECT");
        pair(samples, "known", "de", 4, "CORRECT", "CORRECT");
        pair(samples, "unsolved", "zh", 3, "WRONG", "WRONG");
        pair(samples, "unsolvedToo", "ru", 2, "WRONG", "WRONG");
        assertEquals(
                List.of("hard", "easy", "unsolved"),
                SamplePairs.pick(SamplePairs.of(samples)).stream()
                        .map(pair -> pair.before().text("problemId"))
                        .toList());
    }

    @Test
    void inOneLanguageThereAreThreeAllTheSame() {
        List<Map<String, Object>> samples = new ArrayList<>();
        for (String id : new String[] {"a", "b", "c", "d"}) pair(samples, id, "en", 1, "WRONG", "CORRECT");
        assertEquals(3, SamplePairs.pick(SamplePairs.of(samples)).size());
    }

    private static void pair(
            List<Map<String, Object>> into, String id, String language, int level, String before, String after) {
        into.add(sample(id, "before", language, level, before));
        into.add(sample(id, "after", language, level, after));
    }

    private static Map<String, Object> sample(String id, String phase, String language, int level, String verdict) {
        return Map.of("problemId", id, "phase", phase, "language", language, "level", level, "verdict", verdict);
    }
}
