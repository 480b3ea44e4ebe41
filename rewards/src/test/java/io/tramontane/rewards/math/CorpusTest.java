package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Our own pairs, by class, most of the false ones near misses. What the verifier gets wrong is listed in {@code
 * corpus-disagreements.tsv}; the two rates are printed in docs/rewards-maths.md.
 */
class CorpusTest {
    record Pair(String group, String reference, String answer, boolean equal) {
        static List<Pair> all() {
            return of("corpus.tsv");
        }

        static List<Pair> of(String resource) {
            List<Pair> pairs = new ArrayList<>();
            for (String line : Resources.lines(resource)) {
                String[] cells = line.split("\t", -1);
                assertEquals(4, cells.length, line);
                assertTrue(cells[3].equals("equal") || cells[3].equals("different"), line);
                pairs.add(new Pair(cells[0], cells[1], cells[2], cells[3].equals("equal")));
            }
            return pairs;
        }
    }

    @Test
    void everyPairIsDecidedAsAPersonWouldExceptTheListed() {
        Set<String> disagreements = new TreeSet<>();
        for (Pair pair : Pair.all())
            if (MathAnswers.judge(pair.reference(), pair.answer()).equal() != pair.equal())
                disagreements.add(pair.reference() + "\t" + pair.answer());
        assertEquals(new TreeSet<>(Resources.firstTwoCells("corpus-disagreements.tsv")), disagreements);
    }

    @Test
    void nothingFalseIsEverCalledEqual() {
        List<Pair> accepted = new ArrayList<>(Pair.all());
        accepted.removeIf(pair -> pair.equal()
                || !MathAnswers.judge(pair.reference(), pair.answer()).equal());
        assertEquals(List.of(), accepted);
    }

    @Test
    void theCorpusIsLargeAndHalfOfItFalse() {
        List<Pair> pairs = Pair.all();
        TreeMap<String, int[]> counts = new TreeMap<>();
        for (Pair pair : pairs) counts.computeIfAbsent(pair.group(), g -> new int[2])[pair.equal() ? 1 : 0]++;
        int equal = counts.values().stream().mapToInt(count -> count[1]).sum();
        assertTrue(pairs.size() >= 1000, "pairs " + pairs.size());
        assertTrue(2 * equal <= pairs.size() + pairs.size() / 20, equal + " of " + pairs.size() + " are equal");
        assertTrue(counts.size() >= 25, "classes " + counts.keySet());
    }

    @Test
    void equalTextsAreEqualAnswers() {
        for (Pair pair : Pair.all())
            assertTrue(MathAnswers.judge(pair.reference(), pair.reference()).equal(), pair.reference());
    }
}
