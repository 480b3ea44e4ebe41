package io.tramontane.trainer;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.PackedSequences.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Greedy collation (paper section 3.3): pieces are sorted by size, longest first, and each goes into the first
 * microbatch that has room, else into a new one (first-fit decreasing). A piece is a prompt with as many of its group's
 * completions as fit, so that the prompt is computed once for them; a completion that exceeds the budget alone gets a
 * microbatch of its own.
 */
public final class Packing {
    private Packing() {}

    /**
     * How a batch is cut.
     *
     * @param microbatches passes
     * @param tokens that they compute: completions, and a prompt for every piece
     * @param pairs of query and key that attention computes in a layer; of short sequences with padding and masked ones
     */
    public record Cut(int microbatches, long tokens, long pairs) {
        /** So many batches of it. */
        public Cut times(int count) {
            return new Cut(count * microbatches, count * tokens, count * pairs);
        }
    }

    /** Some completions of one group, by index, longest first, that are computed together with their prompt. */
    private record Part(List<Integer> completions, Size size) {}

    /** A part with what is computed. */
    private record Piece(PromptGroup promptGroup, Size size, List<Completion> completions, List<Double> advantages) {}

    /**
     * Cuts a minibatch into microbatches of at most {@code budget} tokens, for each of some ranks. Pieces are dealt by tokens, the
     * largest first, each to the rank that has the fewest; with several ranks no piece is larger than a rank's share.
     *
     * @param advantages [groups][G], aligned with the groups' completions
     * @return by rank
     */
    static List<List<Microbatch>> pack(List<ScoredGroup> groups, double[][] advantages, int budget, int ranks) {
        int share = ranks == 1 ? budget : Math.min(budget, share(tokens(groups), ranks));
        List<Piece> pieces = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            Group group = groups.get(g).group();
            int[] lengths =
                    group.completions().stream().mapToInt(Completion::length).toArray();
            for (Part part : parts(group.promptTokens().length, lengths, share))
                pieces.add(piece(group, advantages[g], part));
        }
        return deal(pieces, Piece::size, ranks).stream()
                .map(own -> bins(own, Piece::size, budget).stream()
                        .map(Packing::microbatch)
                        .toList())
                .toList();
    }

    private static int share(long tokens, int ranks) {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, (tokens + ranks - 1) / ranks));
    }

    private static long tokens(List<ScoredGroup> groups) {
        long tokens = 0;
        for (ScoredGroup group : groups) {
            tokens += group.group().promptTokens().length;
            for (Completion completion : group.group().completions()) tokens += completion.length();
        }
        return tokens;
    }

    private static <T> List<List<T>> deal(List<T> pieces, Function<T, Size> sizeOf, int ranks) {
        if (ranks == 1) return List.of(pieces);
        List<List<T>> hands = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) hands.add(new ArrayList<>());
        long[] tokens = new long[ranks];
        List<T> largestFirst = new ArrayList<>(pieces);
        largestFirst.sort(
                Comparator.comparingLong((T p) -> sizeOf.apply(p).tokens()).reversed());
        for (T piece : largestFirst) {
            int fewest = 0;
            for (int rank = 1; rank < ranks; rank++) if (tokens[rank] < tokens[fewest]) fewest = rank;
            hands.get(fewest).add(piece);
            tokens[fewest] += sizeOf.apply(piece).tokens();
        }
        return hands;
    }

    /**
     * Cuts examples of supervised fine-tuning into passes of at most {@code budget} tokens, the largest first; an example that
     * exceeds it gets a pass of its own.
     */
    static List<List<SftSequence>> pack(List<SftSequence> sequences, int budget) {
        return bins(sequences, SftSequence::size, budget);
    }

    /** The same for groups whose prompts and completions all have the same length. */
    public static Cut cut(int groups, int groupSize, int promptLength, int length, int budget) {
        int[] lengths = new int[groupSize];
        Arrays.fill(lengths, length);
        return cut(groups, promptLength, lengths, budget);
    }

    /** The same for groups of completions of these lengths. */
    public static Cut cut(int groups, int promptLength, int[] lengths, int budget) {
        return cut(groups, promptLength, lengths, budget, 1).get(0);
    }

    /** The same for each of some ranks. */
    public static List<Cut> cut(int groups, int promptLength, int[] lengths, int budget, int ranks) {
        long tokens =
                groups * (promptLength + Arrays.stream(lengths).asLongStream().sum());
        int share = ranks == 1 ? budget : Math.min(budget, share(tokens, ranks));
        List<Size> sizes = new ArrayList<>();
        for (Part part : parts(promptLength, lengths, share)) sizes.addAll(Collections.nCopies(groups, part.size()));
        return deal(sizes, size -> size, ranks).stream()
                .map(own -> cut(bins(own, size -> size, budget)))
                .toList();
    }

    private static Cut cut(List<List<Size>> bins) {
        List<Size> passes = bins.stream()
                .map(bin -> bin.stream().reduce(Size::and).orElseThrow())
                .toList();
        return new Cut(
                passes.size(),
                passes.stream().mapToLong(Size::tokens).sum(),
                passes.stream().mapToLong(Size::pairs).sum());
    }

    private static List<Part> parts(int promptLength, int[] lengths, int budget) {
        List<Part> parts = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        Size used = Size.ofPrompt(promptLength);
        for (int i : longestFirst(lengths)) {
            if (lengths[i] == 0) continue;
            if (!open.isEmpty() && used.tokens() + lengths[i] > budget) {
                parts.add(new Part(open, used));
                open = new ArrayList<>();
                used = Size.ofPrompt(promptLength);
            }
            open.add(i);
            used = used.withCompletion(promptLength, lengths[i]);
        }
        if (!open.isEmpty()) parts.add(new Part(open, used));
        return parts;
    }

    private static List<Integer> longestFirst(int[] lengths) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) order.add(i);
        order.sort(Comparator.comparingInt((Integer i) -> lengths[i]).reversed());
        return order;
    }

    /** First-fit decreasing. */
    private static <T> List<List<T>> bins(List<T> pieces, Function<T, Size> sizeOf, int budget) {
        List<T> longestFirst = new ArrayList<>(pieces);
        longestFirst.sort(
                Comparator.comparingLong((T p) -> sizeOf.apply(p).tokens()).reversed());
        List<List<T>> bins = new ArrayList<>();
        List<Size> sizes = new ArrayList<>();
        for (T piece : longestFirst) {
            Size size = sizeOf.apply(piece);
            int bin = 0;
            while (bin < bins.size() && sizes.get(bin).tokens() + size.tokens() > budget) bin++;
            if (bin == bins.size()) {
                bins.add(new ArrayList<>());
                sizes.add(size);
            } else {
                sizes.set(bin, sizes.get(bin).and(size));
            }
            bins.get(bin).add(piece);
        }
        return bins;
    }

    private static Piece piece(Group group, double[] advantages, Part part) {
        List<Completion> of =
                part.completions().stream().map(i -> group.completions().get(i)).toList();
        return new Piece(
                new PromptGroup(
                        group.promptTokens(),
                        of.stream().map(Completion::tokens).toList()),
                part.size(),
                of,
                part.completions().stream().map(i -> advantages[i]).toList());
    }

    private static Microbatch microbatch(List<Piece> pieces) {
        return new Microbatch(
                pieces.stream().map(Piece::promptGroup).toList(),
                pieces.stream().flatMap(p -> p.completions().stream()).toList(),
                pieces.stream().flatMap(p -> p.advantages().stream()).toList());
    }
}
