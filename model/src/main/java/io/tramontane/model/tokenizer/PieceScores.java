package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * SentencePiece's scores out of a list of merges: of two neighbours that make a piece, those with the higher score are merged
 * first, whichever way the piece is cut. So the merges must name every cut of a piece, beside each other.
 */
final class PieceScores {
    private final TokenizerJson files;
    private final String[] pieces;
    private final Set<String> added;

    /**
     * @param pieces by id; null where there is none
     * @param added those that no merge need lead to
     */
    PieceScores(TokenizerJson files, String[] pieces, Set<String> added) {
        this.files = files;
        this.pieces = pieces;
        this.added = added;
    }

    /** By id: minus the rank of the piece's first merge; pieces that none leads to have the lowest. */
    float[] of(JsonNode merges) {
        Map<String, Integer> ranks = new HashMap<>();
        Set<String> cuts = new HashSet<>();
        String before = "";
        for (JsonNode merge : merges) {
            String[] pair = merge.isArray()
                    ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
                    : merge.asText("").split(" ");
            String made = pair[0] + pair[1];
            cuts.add(pair[0] + " " + pair[1]);
            if (!made.equals(before) && ranks.put(made, ranks.size()) != null)
                throw files.bad(
                        "the merges to \"" + made + "\" have others between them, which llama.cpp cannot order");
            before = made;
        }
        checkCuts(cuts);
        float[] scores = new float[pieces.length];
        for (int id = 0; id < scores.length; id++)
            if (pieces[id] != null && !added.contains(pieces[id]))
                scores[id] = -ranks.getOrDefault(pieces[id], ranks.size());
        return scores;
    }

    private void checkCuts(Set<String> cuts) {
        Set<String> known = new HashSet<>(Arrays.asList(pieces));
        for (String piece : pieces) {
            if (piece == null || added.contains(piece)) continue;
            for (int at = 1; at < piece.length(); at++) {
                String left = piece.substring(0, at);
                String right = piece.substring(at);
                if (known.contains(left) && known.contains(right) && !cuts.contains(left + " " + right))
                    throw files.bad("no merge of \"" + left + "\" and \"" + right
                            + "\", which llama.cpp would merge to \"" + piece + "\"");
            }
        }
    }
}
