package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Completions of the same held-out problem before and after training, side by side. */
final class SamplePairs {
    /** Two rows of samples/, aligned: both answer the same problem. */
    record Pair(Row before, Row after) {
        boolean learned() {
            return !isCorrect(before) && isCorrect(after);
        }

        boolean stillWrong() {
            return !isCorrect(after);
        }

        private static boolean isCorrect(Row sample) {
            return sample.text("verdict").equals("CORRECT");
        }
    }

    private SamplePairs() {}

    /** In the order of the "before" samples; a resumed run has several "after": the newest counts. */
    static List<Pair> of(List<Map<String, Object>> samples) {
        Map<String, Row> before = new LinkedHashMap<>();
        Map<String, Row> after = new LinkedHashMap<>();
        for (Map<String, Object> values : samples) {
            Row sample = new Row(values);
            if (sample.text("phase").equals("before")) before.putIfAbsent(sample.text("problemId"), sample);
            if (sample.text("phase").equals("after")) after.put(sample.text("problemId"), sample);
        }
        List<Pair> pairs = new ArrayList<>();
        before.forEach((id, sample) -> {
            if (after.containsKey(id)) pairs.add(new Pair(sample, after.get(id)));
        });
        return pairs;
    }

    /** Two problems that training solved and one that it did not, hard ones first, each in another language. */
    static List<Pair> pick(List<Pair> pairs) {
        List<Pair> hardFirst = new ArrayList<>(pairs);
        hardFirst.sort(Comparator.comparingDouble(pair -> -pair.before().number("level")));
        List<Pair> picked = new ArrayList<>();
        Set<String> languages = new TreeSet<>();
        take(2, Pair::learned, hardFirst, picked, languages);
        take(3, Pair::stillWrong, hardFirst, picked, languages);
        while (picked.size() < Math.min(3, pairs.size())) {
            take(3, pair -> true, hardFirst, picked, languages);
            languages.clear(); // fewer languages than samples: use a language twice
        }
        return picked;
    }

    /** Adds fitting pairs in languages that are not there yet until {@code size} are picked. */
    private static void take(
            int size, Predicate<Pair> fits, List<Pair> from, List<Pair> picked, Set<String> languages) {
        for (Pair pair : from) {
            if (picked.size() >= size) return;
            if (fits.test(pair)
                    && !picked.contains(pair)
                    && languages.add(pair.before().text("language"))) picked.add(pair);
        }
    }
}
