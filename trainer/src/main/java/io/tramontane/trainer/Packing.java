package io.tramontane.trainer;

import io.tramontane.data.Completion;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PackedSequences.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Greedy collation (paper section 3.3): pieces are sorted by size, longest first, and each goes into the first
 * microbatch that has room, else into a new one (first-fit decreasing). A piece is a prompt with as many of its group's
 * completions as fit, so that the prompt is computed once for them; a completion that exceeds the budget alone gets a
 * microbatch of its own.
 */
final class Packing {
    private Packing() {}

    /** Completions of one group that are computed together with their prompt. */
    private record Piece(Family family, List<float[]> behaviourLogprobs, List<Double> advantages) {
        int tokens() {
            return family.tokens();
        }
    }

    /**
     * Cuts a minibatch into microbatches of at most {@code budget} tokens.
     *
     * @param advantages [groups][G], aligned with the groups' completions
     */
    static List<Microbatch> pack(List<ScoredGroup> groups, double[][] advantages, int budget) {
        List<Piece> pieces = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) pieces.addAll(cut(groups.get(g), advantages[g], budget));
        pieces.sort(Comparator.comparingInt(Piece::tokens).reversed());
        List<List<Piece>> bins = new ArrayList<>();
        List<Integer> room = new ArrayList<>();
        for (Piece piece : pieces) {
            int bin = 0;
            while (bin < bins.size() && room.get(bin) < piece.tokens()) bin++;
            if (bin == bins.size()) {
                bins.add(new ArrayList<>());
                room.add(budget);
            }
            bins.get(bin).add(piece);
            room.set(bin, room.get(bin) - piece.tokens());
        }
        return bins.stream().map(Packing::microbatch).toList();
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
        int used = prompt.length;
        for (int i : order) {
            int length = completions.get(i).length();
            if (length == 0) continue;
            if (!open.isEmpty() && used + length > budget) {
                pieces.add(piece(prompt, completions, advantages, open));
                open.clear();
                used = prompt.length;
            }
            open.add(i);
            used += length;
        }
        if (!open.isEmpty()) pieces.add(piece(prompt, completions, advantages, open));
        return pieces;
    }

    private static Piece piece(int[] prompt, List<Completion> completions, double[] advantages, List<Integer> chosen) {
        return new Piece(
                new Family(
                        prompt,
                        chosen.stream().map(i -> completions.get(i).tokens()).toList()),
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
