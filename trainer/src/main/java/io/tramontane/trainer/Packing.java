package io.tramontane.trainer;

import io.tramontane.data.Completion;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PackedSequences.Family;
import io.tramontane.model.PackedSequences.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Greedy collation (paper section 3.3): pieces are sorted by size, longest first, and each goes into the first
 * microbatch that has room, else into a new one (first-fit decreasing). A piece is a prompt with as many of its group's
 * completions as fit, so that the prompt is computed once for them; a completion that exceeds the budget alone gets a
 * microbatch of its own.
 *
 * <p>What we changed from the paper: room is not only a matter of tokens. Attention pads every segment of a microbatch to
 * its longest one, so lengths that differ too much are not computed together ({@link Size#even()}).
 */
final class Packing {
    private Packing() {}

    /** Completions of one group that are computed together with their prompt. */
    private record Piece(Family family, Size size, List<float[]> behaviourLogprobs, List<Double> advantages) {}

    /** A microbatch that is being filled. */
    private static final class Bin {
        private final List<Piece> pieces = new ArrayList<>();
        private Size size;

        boolean takes(Piece piece, int budget) {
            return pieces.isEmpty() || roomy(size.and(piece.size()), budget);
        }

        void add(Piece piece) {
            size = pieces.isEmpty() ? piece.size() : size.and(piece.size());
            pieces.add(piece);
        }
    }

    private static boolean roomy(Size size, int budget) {
        return size.tokens() <= budget && size.even();
    }

    /**
     * Cuts a minibatch into microbatches of at most {@code budget} tokens.
     *
     * @param advantages [groups][G], aligned with the groups' completions
     */
    static List<Microbatch> pack(List<ScoredGroup> groups, double[][] advantages, int budget) {
        List<Piece> pieces = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) pieces.addAll(cut(groups.get(g), advantages[g], budget));
        pieces.sort(Comparator.comparingLong((Piece p) -> p.size().tokens()).reversed());
        List<Bin> bins = new ArrayList<>();
        for (Piece piece : pieces) {
            int bin = 0;
            while (bin < bins.size() && !bins.get(bin).takes(piece, budget)) bin++;
            if (bin == bins.size()) bins.add(new Bin());
            bins.get(bin).add(piece);
        }
        return bins.stream().map(bin -> microbatch(bin.pieces)).toList();
    }

    private static List<Piece> cut(ScoredGroup group, double[] advantages, int budget) {
        List<Integer> order = new ArrayList<>();
        List<Completion> completions = group.group().completions();
        for (int i = 0; i < completions.size(); i++) order.add(i);
        order.sort(Comparator.comparingInt((Integer i) -> completions.get(i).length())
                .reversed());
        int[] prompt = group.group().promptTokens();
        List<Piece> pieces = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        Size used = Size.ofPrompt(prompt.length);
        for (int i : order) {
            int length = completions.get(i).length();
            if (length == 0) continue;
            if (!open.isEmpty() && !roomy(used.withCompletion(prompt.length, length), budget)) {
                pieces.add(piece(group, advantages, open, used));
                open.clear();
                used = Size.ofPrompt(prompt.length);
            }
            open.add(i);
            used = used.withCompletion(prompt.length, length);
        }
        if (!open.isEmpty()) pieces.add(piece(group, advantages, open, used));
        return pieces;
    }

    private static Piece piece(ScoredGroup group, double[] advantages, List<Integer> chosen, Size size) {
        List<Completion> completions = group.group().completions();
        return new Piece(
                new Family(
                        group.group().promptTokens(),
                        chosen.stream().map(i -> completions.get(i).tokens()).toList()),
                size,
                chosen.stream().map(i -> completions.get(i).behaviourLogprobs()).toList(),
                chosen.stream().map(i -> advantages[i]).toList());
    }

    private static Microbatch microbatch(List<Piece> pieces) {
        return new Microbatch(
                pieces.stream().map(Piece::family).toList(),
                pieces.stream().flatMap(p -> p.behaviourLogprobs().stream()).toList(),
                pieces.stream().flatMap(p -> p.advantages().stream()).toList());
    }
}
