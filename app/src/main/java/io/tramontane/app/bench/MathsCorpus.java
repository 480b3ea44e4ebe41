package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonLines;
import java.util.ArrayList;
import java.util.List;

/** Pairs of a reference and an answer, of every kind that the verifier reads, half of them different; written for the benchmarks. */
final class MathsCorpus {
    private static final String RESOURCE = "/bench/maths.jsonl";

    private MathsCorpus() {}

    /** What is compared. */
    record Pair(String reference, String answer) {}

    static List<Pair> read() {
        List<Pair> pairs = new ArrayList<>();
        try (JsonLines lines = new JsonLines(MathsCorpus.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            while (lines.hasNext()) {
                ObjectNode pair = lines.next().object();
                pairs.add(new Pair(
                        pair.path("reference").asText(), pair.path("answer").asText()));
            }
        }
        return pairs;
    }
}
