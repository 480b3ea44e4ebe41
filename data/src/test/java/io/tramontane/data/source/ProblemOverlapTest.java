package io.tramontane.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.gym.GymConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemOverlapTest {
    private static final ProblemSources SOURCES = new ProblemSources(DataFiles.LOCAL);

    @TempDir
    Path folder;

    private String file(String name, String... statements) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < statements.length; i++)
            lines.append("{\"id\":\"%d\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"%s\",\"answer\":\"2\"}\n"
                    .formatted(i + 1, statements[i]));
        return Files.writeString(folder.resolve(name), lines).toString();
    }

    private static Optional<ProblemOverlap> overlap(String train, String evaluation, int evaluated) {
        DataConfig config = new DataConfig(train, evaluation, "tiny", GymConfig.defaults());
        return ProblemOverlap.of(config, SOURCES.open(config, false, 1), SOURCES.open(config, true, 1), evaluated);
    }

    @Test
    void theSameStatementIsTheSameProblemWhateverItsIdCaseAndSpaces() throws IOException {
        String train = file("train.jsonl", "1 + 1?", "What is two?", "3?");
        String evaluation = file("eval.jsonl", "9?", "what  is\\nTWO?", "3?", "1 + 1?");
        ProblemOverlap found = overlap(train, evaluation, 3).orElseThrow();
        assertEquals(new ProblemOverlap(3, 2, "2"), found); // the fourth is not evaluated
        assertEquals(
                "2 of 3 evaluation problems are training problems too (the first is 2): what the evaluation measures is"
                        + " partly memory, data.evaluation should name other problems",
                found.warning().orElseThrow());
    }

    @Test
    void equalIdsOfDifferentProblemsAreNoOverlap() throws IOException {
        ProblemOverlap found = overlap(file("a.jsonl", "1?", "2?"), file("b.jsonl", "3?", "4?"), 256)
                .orElseThrow();
        assertEquals(new ProblemOverlap(2, 0, ""), found);
        assertTrue(found.warning().isEmpty());
    }

    @Test
    void theGymsHalvesAreDisjointAndItsEndlessProblemsAreNotComparedWithAFile() throws IOException {
        assertEquals(Optional.of(new ProblemOverlap(8, 0, "")), overlap("gym", "gym", 8));
        assertEquals(Optional.empty(), overlap("gym", file("c.jsonl", "1?"), 8));
        assertEquals(0, overlap(file("d.jsonl", "1?"), "gym", 8).orElseThrow().trained());
    }
}
