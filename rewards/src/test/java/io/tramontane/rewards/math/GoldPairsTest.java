package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * All references compared with each other: only those that a person listed in {@code equal-references.tsv} are equal.
 * Reads the references of our own corpus, and those of the other graders where they are there.
 */
class GoldPairsTest {
    @Test
    void onlyTheListedReferencesOfTheCorpusAreEqual() {
        Set<String> references = new TreeSet<>();
        for (CorpusTest.Pair pair : CorpusTest.Pair.all()) references.add(pair.reference());
        assertEquals(new TreeSet<>(Resources.firstTwoCells("equal-references.tsv")), equalPairs(references));
    }

    @Test
    void onlyTheListedReferencesOfTheOtherGradersAreEqual() {
        assumeTrue(Files.isDirectory(ForeignCase.FOLDER), "no other graders' cases at " + ForeignCase.FOLDER);
        Set<String> references = new TreeSet<>();
        for (String file : List.of("math_verify_cases.jsonl", "other_grader_cases.jsonl"))
            for (ForeignCase each : ForeignCase.read(file))
                references.add(Transcripts.answer(each.gold()).strip().replaceAll("\\s+", " "));
        assertEquals(new TreeSet<>(Resources.firstTwoCells("equal-foreign-references.tsv")), equalPairs(references));
    }

    /** Pairs of a reference and, as its answer, a later one in the alphabet that are equal. */
    private static Set<String> equalPairs(Set<String> references) {
        List<String> all = new ArrayList<>(references);
        return IntStream.range(0, all.size())
                .parallel()
                .boxed()
                .flatMap(i -> all.subList(i + 1, all.size()).stream()
                        .filter(later -> MathAnswers.judge(all.get(i), later).equal())
                        .map(later -> all.get(i) + "\t" + later))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
