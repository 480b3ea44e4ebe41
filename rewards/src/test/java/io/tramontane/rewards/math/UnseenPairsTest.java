package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pairs that were written without the verifier in view: ours in {@code fresh.tsv} (the first cell is the round: 1 is
 * the style of contests, 2 tries to break it, 3 came with what was added), and other projects' in {@code
 * strangers.tsv} (the first cell is the source and its licence). What is judged otherwise than they say is listed with
 * its reason.
 */
class UnseenPairsTest {
    private static final String LISTED = "unseen-disagreements.tsv";

    @ParameterizedTest
    @ValueSource(strings = {"fresh.tsv", "strangers.tsv"})
    void everyDisagreementIsListedWithItsReason(String resource) {
        Set<String> disagreements = new TreeSet<>();
        for (CorpusTest.Pair pair : CorpusTest.Pair.of(resource))
            if (MathAnswers.judge(pair.reference(), pair.answer()).equal() != pair.equal())
                disagreements.add(pair.reference() + "\t" + pair.answer());
        Set<String> listed = new TreeSet<>();
        for (String line : Resources.lines(LISTED)) {
            String[] cells = line.split("\t", -1);
            assertEquals(4, cells.length, line);
            if (cells[0].equals(resource)) listed.add(cells[1] + "\t" + cells[2]);
        }
        assertEquals(listed, disagreements);
    }

    @Test
    void halfOfOurPairsAreFalseAndNoneOfTheseIsAccepted() {
        List<CorpusTest.Pair> pairs = CorpusTest.Pair.of("fresh.tsv");
        List<CorpusTest.Pair> different =
                pairs.stream().filter(pair -> !pair.equal()).toList();
        assertTrue(2 * different.size() >= pairs.size(), different.size() + " of " + pairs.size());
        assertEquals(
                List.of(),
                different.stream()
                        .filter(pair -> MathAnswers.judge(pair.reference(), pair.answer())
                                .equal())
                        .toList());
    }
}
