package io.tramontane.model.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges behind a byte-level BPE that is given as ranks only, as tiktoken's is: there the two neighbours are merged
 * whose joined bytes have the lowest rank, the leftmost first.
 *
 * <p>A token has at most one merge. Merging is greedy, so what happens between the first and the last byte of a token that
 * is being built does not depend on what stands around it: it is what happens to these bytes alone. The last step there,
 * if all of them come together, is the token's merge. With one merge a token, the order of the merges is that of the
 * ranks, and ties are broken from the left in Hugging Face's algorithm as in tiktoken's; with every way to cut a token,
 * as converters usually write them, they are not.
 */
final class ByteMerges {
    private static final int NONE = Integer.MAX_VALUE;

    private final Map<String, Integer> ranks;

    private ByteMerges(List<String> tokens) {
        ranks = new HashMap<>(2 * tokens.size());
        for (int rank = 0; rank < tokens.size(); rank++) ranks.put(tokens.get(rank), rank);
    }

    /** Two sides of a merge. */
    record Merge(String left, String right) {}

    /** In the order in which they apply; a token that no merge reaches has none. */
    static List<Merge> of(List<String> tokens) {
        ByteMerges merging = new ByteMerges(tokens);
        List<Merge> merges = new ArrayList<>(tokens.size());
        for (String token : tokens) {
            int cut = merging.cut(token);
            if (cut > 0) merges.add(new Merge(token.substring(0, cut), token.substring(cut)));
        }
        return merges;
    }

    /** Where the last two parts meet, 0 if the bytes do not come together. */
    private int cut(String token) {
        int parts = token.length();
        if (parts < 2) return 0;
        int[] starts = new int[parts + 1];
        int[] pairs = new int[parts]; // rank of part i with the one behind it
        for (int i = 0; i <= parts; i++) starts[i] = i;
        for (int i = 0; i + 1 < parts; i++) pairs[i] = rank(token, i, i + 2);
        while (parts > 2) {
            int best = 0;
            for (int i = 1; i + 1 < parts; i++) if (pairs[i] < pairs[best]) best = i;
            if (pairs[best] == NONE) return 0;
            System.arraycopy(starts, best + 2, starts, best + 1, parts - best - 1);
            System.arraycopy(pairs, best + 2, pairs, best + 1, Math.max(0, parts - best - 2));
            parts--;
            if (best + 1 < parts) pairs[best] = rank(token, starts[best], starts[best + 2]);
            if (best > 0) pairs[best - 1] = rank(token, starts[best - 1], starts[best + 1]);
        }
        return starts[1];
    }

    private int rank(String token, int from, int to) {
        return ranks.getOrDefault(token.substring(from, to), NONE);
    }
}
