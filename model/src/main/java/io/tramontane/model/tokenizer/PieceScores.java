package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * SentencePiece's scores out of a list of merges: of two neighbours that make a piece, those with the higher score are merged
 * first, whichever way the piece is cut, and of equal scores the leftmost. So the merges must name every cut of a piece, and
 * those of one piece lie beside each other; the usual vocabularies' runs of blanks have one score, and lie among each other.
 */
final class PieceScores {
    private record Merge(String left, String right) {
        String made() {
            return left + right;
        }
    }

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

    /** By id: minus the rank of the merges that make the piece; pieces that none makes have the lowest. */
    float[] of(JsonNode list) {
        List<Merge> merges = new ArrayList<>();
        Map<String, Integer> last = new HashMap<>();
        for (JsonNode merge : list) {
            String[] pair = merge.asText("").split(" ");
            Merge read = merge.isArray()
                    ? new Merge(merge.path(0).asText(), merge.path(1).asText())
                    : new Merge(pair[0], pair[1]);
            last.put(read.made(), merges.size());
            merges.add(read);
        }
        checkCuts(new HashSet<>(merges));
        Map<String, Integer> ranks = ranks(merges, last);
        float[] scores = new float[pieces.length];
        for (int id = 0; id < scores.length; id++)
            if (pieces[id] != null && !added.contains(pieces[id]))
                scores[id] = -ranks.getOrDefault(pieces[id], ranks.size());
        return scores;
    }

    /** Pieces whose merges lie between each other share a rank. */
    private Map<String, Integer> ranks(List<Merge> merges, Map<String, Integer> last) {
        Map<String, Integer> ranks = new HashMap<>();
        int rank = 0;
        for (int from = 0; from < merges.size(); rank++) {
            int to = from;
            for (int end = last.get(merges.get(from).made()); to <= end; to++) {
                end = Math.max(end, last.get(merges.get(to).made()));
                ranks.put(merges.get(to).made(), rank);
            }
            checkTies(merges.subList(from, to));
            from = to;
        }
        return ranks;
    }

    /** Of equal scores the leftmost is merged first. For runs of one character that is the same as the longest left side. */
    private void checkTies(List<Merge> merges) {
        String first = merges.get(0).made();
        boolean one = merges.stream().allMatch(merge -> merge.made().equals(first));
        boolean runs = merges.stream().allMatch(merge -> merge.made().chars().allMatch(c -> c == first.charAt(0)));
        boolean longest = true;
        for (int i = 1; i < merges.size(); i++)
            longest &= merges.get(i - 1).left().length() >= merges.get(i).left().length();
        if (!one && !(runs && longest))
            throw files.bad("the merges to \"" + first + "\" have others between them, which llama.cpp cannot order");
    }

    private void checkCuts(Set<Merge> cuts) {
        Set<String> known = new HashSet<>(Arrays.asList(pieces));
        for (String piece : pieces) {
            if (piece == null || added.contains(piece)) continue;
            for (int at = 1; at < piece.length(); at++) {
                String left = piece.substring(0, at);
                String right = piece.substring(at);
                if (known.contains(left) && known.contains(right) && !cuts.contains(new Merge(left, right)))
                    throw files.bad("no merge of \"" + left + "\" and \"" + right
                            + "\", which llama.cpp would merge to \"" + piece + "\"");
            }
        }
    }
}
