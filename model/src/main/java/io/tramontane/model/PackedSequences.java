package io.tramontane.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Sequences laid end to end for one forward pass, without padding; completions of a group share one copy of their
 * prompt. Segments say which tokens attend to which.
 *
 * <p>Legend: N tokens, M completion tokens.
 *
 * @param tokens [N] int64
 * @param positions [N] int64, from 0 in every sequence
 * @param segments prompts and completions, in order, end to end
 * @param isPadded how attention is computed: in one piece, every segment padded to the longest, or segment by segment
 * @param source [M] int64, index into N of the state that predicts a completion token
 * @param target [M] int64, that token
 */
public record PackedSequences(
        long[] tokens, long[] positions, List<Segment> segments, boolean isPadded, long[] source, long[] target) {

    /** {@link #of(List)} makes it. */
    public PackedSequences {
        segments = List.copyOf(segments);
    }

    /**
     * A prompt or a completion.
     *
     * @param start index of its first token
     * @param length its tokens
     * @param promptStart index of the first token of the prompt in front of it
     * @param promptLength tokens of that; a prompt itself has none in front
     */
    public record Segment(int start, int length, int promptStart, int promptLength) {
        /** Tokens that its last one sees, itself included. */
        int keys() {
            return promptLength + length;
        }
    }

    /** A prompt with some of its completions; each follows the prompt directly. */
    public record PromptGroup(int[] promptTokens, List<int[]> completions) {
        /** Checks that the prompt has a token. */
        public PromptGroup {
            if (promptTokens.length == 0) throw new IllegalArgumentException("a prompt needs at least one token");
            completions = List.copyOf(completions);
        }

        /** Tokens that a pass computes. */
        public int tokens() {
            return promptTokens.length
                    + completions.stream().mapToInt(c -> c.length).sum();
        }
    }

    /**
     * How large a pass is, before it is packed.
     *
     * @param tokens N
     * @param segments S
     * @param longest Q, tokens of the longest segment
     * @param reach K, tokens of the longest segment with its prompt in front
     * @param rows queries and keys of all segments, without padding
     * @param visible pairs of a query and a key that it sees, if there is no window
     */
    public record Size(long tokens, int segments, int longest, int reach, long rows, long visible) {
        /** Longest sequence that is padded: the mask of a longer one would take more than what it saves. */
        private static final int LONGEST_PADDED = 256;

        /** Most rows with padding, as a multiple of those without; sequences of similar lengths have 1.3. */
        private static final int MOST_PADDING = 3;

        /** A prompt without completions. */
        public static Size ofPrompt(int length) {
            return new Size(length, 1, length, length, 2L * length, triangle(length));
        }

        private static long triangle(long length) {
            return length * (length + 1) / 2;
        }

        /** The same with one more completion of a prompt that is already counted. */
        public Size withCompletion(int promptLength, int length) {
            int keys = promptLength + length;
            return and(new Size(
                    length, 1, length, keys, (long) length + keys, (long) length * promptLength + triangle(length)));
        }

        /** Both in one pass. */
        public Size and(Size other) {
            return new Size(
                    tokens + other.tokens,
                    segments + other.segments,
                    Math.max(longest, other.longest),
                    Math.max(reach, other.reach),
                    rows + other.rows,
                    visible + other.visible);
        }

        /** Of these prompt groups in one pass. */
        public static Size of(List<PromptGroup> promptGroups) {
            Size all = new Size(0, 0, 1, 1, 0, 0);
            for (PromptGroup promptGroup : promptGroups) {
                int length = promptGroup.promptTokens().length;
                all = all.and(ofPrompt(length));
                for (int[] completion : promptGroup.completions()) all = all.withCompletion(length, completion.length);
            }
            return all;
        }

        /**
         * Whether attention is computed in one piece, every segment padded to the longest: all are short and at most two thirds
         * of the rows are padding. Then one call for all costs less than one for each.
         */
        public boolean isPadded() {
            return reach <= LONGEST_PADDED && (long) segments * (longest + reach) <= MOST_PADDING * rows;
        }

        /** Pairs of query and key that attention computes in a layer, padding included; windows are ignored. */
        public long pairs() {
            return isPadded() ? (long) segments * longest * reach : visible;
        }
    }

    /** One sequence whose tokens from {@code from} on are to be predicted. */
    public static PackedSequences of(int[] tokens, int from) {
        if (from < 1 || from > tokens.length)
            throw new IllegalArgumentException("from " + from + ", allowed 1 to " + tokens.length);
        int[] prompt = java.util.Arrays.copyOf(tokens, from);
        int[] rest = java.util.Arrays.copyOfRange(tokens, from, tokens.length);
        return of(List.of(new PromptGroup(prompt, List.of(rest))));
    }

    /** Prompt groups in order; completion tokens come out in the order of prompt groups, completions, positions. */
    public static PackedSequences of(List<PromptGroup> promptGroups) {
        Size size = Size.of(promptGroups);
        int total = Math.toIntExact(size.tokens());
        int predicted = total
                - promptGroups.stream().mapToInt(f -> f.promptTokens().length).sum();
        List<Segment> segments = new ArrayList<>();
        int at = 0;
        for (PromptGroup promptGroup : promptGroups) {
            int start = at;
            int length = promptGroup.promptTokens().length;
            segments.add(new Segment(start, length, start, 0));
            at += length;
            for (int[] completion : promptGroup.completions()) {
                segments.add(new Segment(at, completion.length, start, length));
                at += completion.length;
            }
        }
        PackedSequences packed = new PackedSequences(
                new long[total], new long[total], segments, size.isPadded(), new long[predicted], new long[predicted]);
        packed.fill(promptGroups);
        return packed;
    }

    private void fill(List<PromptGroup> promptGroups) {
        int s = 0;
        int m = 0;
        for (PromptGroup promptGroup : promptGroups) {
            place(promptGroup.promptTokens(), segments.get(s++));
            for (int[] completion : promptGroup.completions()) {
                Segment segment = segments.get(s++);
                place(completion, segment);
                for (int i = 0; i < completion.length; i++) {
                    int prompt = segment.promptStart() + segment.promptLength() - 1;
                    source[m] = i == 0 ? prompt : segment.start() + i - 1;
                    target[m++] = completion[i];
                }
            }
        }
    }

    private void place(int[] ids, Segment segment) {
        for (int i = 0; i < ids.length; i++) {
            tokens[segment.start() + i] = ids[i];
            positions[segment.start() + i] = segment.promptLength() + i;
        }
    }

    /** The same with attention computed the given way. */
    PackedSequences padded(boolean padded) {
        return new PackedSequences(tokens, positions, segments, padded, source, target);
    }
}
