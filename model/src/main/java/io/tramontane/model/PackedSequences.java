package io.tramontane.model;

import java.util.List;

/**
 * Sequences laid end to end for one forward pass, without padding; completions of a group share one copy of their
 * prompt. Index arrays say which tokens attend to which: shapes as in policy.py.
 *
 * <p>Legend: N tokens, M completion tokens, S segments (prompts and completions), Q longest segment, K longest segment
 * with its prompt in front. Matrices are row by row.
 *
 * @param tokens [N] int64
 * @param positions [N] int64, from 0 in every sequence
 * @param query [S, Q] int64, indices into N, 0 where a segment is shorter
 * @param key [S, K] int64, indices into N, the prompt first
 * @param prompt [S] int64, how many keys belong to the prompt in front
 * @param back [N] int64, where each token lies in the flattened [S, Q]
 * @param source [M] int64, index into N of the state that predicts a completion token
 * @param target [M] int64, that token
 */
public record PackedSequences(
        long[] tokens,
        long[] positions,
        long[] query,
        long[] key,
        long[] prompt,
        long[] back,
        long[] source,
        long[] target) {

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
     * How large a pass is, before it is packed. Attention gathers queries as [S, Q] and keys as [S, K], so it computes and
     * keeps rows of padding wherever segments differ in length.
     *
     * @param tokens N
     * @param segments S
     * @param longest Q
     * @param reach K
     * @param rows queries and keys that are not padding, over all segments
     */
    public record Size(long tokens, int segments, int longest, int reach, long rows) {
        /** Most rows with padding, as a multiple of those without; sequences of similar lengths have 1.3. */
        private static final int MOST_PADDING = 3;

        /** A prompt without completions. */
        public static Size ofPrompt(int length) {
            return new Size(length, 1, length, length, 2L * length);
        }

        /** The same with one more completion of a prompt that is already counted. */
        public Size withCompletion(int promptLength, int length) {
            int keys = promptLength + length;
            return new Size(
                    tokens + length,
                    segments + 1,
                    Math.max(longest, length),
                    Math.max(reach, keys),
                    rows + length + keys);
        }

        /** Both in one pass. */
        public Size and(Size other) {
            return new Size(
                    tokens + other.tokens,
                    segments + other.segments,
                    Math.max(longest, other.longest),
                    Math.max(reach, other.reach),
                    rows + other.rows);
        }

        /** Of these prompt groups in one pass. */
        public static Size of(List<PromptGroup> promptGroups) {
            Size all = new Size(0, 0, 1, 1, 0);
            for (PromptGroup promptGroup : promptGroups) {
                int length = promptGroup.promptTokens().length;
                all = all.and(ofPrompt(length));
                for (int[] completion : promptGroup.completions()) all = all.withCompletion(length, completion.length);
            }
            return all;
        }

        /** Pairs of query and key that attention computes in a layer: every segment is padded to the longest. */
        public long pairs() {
            return (long) segments * longest * reach;
        }

        /** Whether at most two thirds of attention's rows are padding; of a prompt with one completion they never are more. */
        public boolean even() {
            return (long) segments * (longest + reach) <= MOST_PADDING * rows;
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
        PackedSequences packed = new PackedSequences(
                new long[total],
                new long[total],
                new long[Math.multiplyExact(size.segments(), size.longest())],
                new long[Math.multiplyExact(size.segments(), size.reach())],
                new long[size.segments()],
                new long[total],
                new long[predicted],
                new long[predicted]);
        packed.fill(promptGroups, size.longest(), size.reach());
        return packed;
    }

    private void fill(List<PromptGroup> promptGroups, int longest, int reach) {
        int at = 0;
        int segment = 0;
        int m = 0;
        for (PromptGroup promptGroup : promptGroups) {
            int start = at;
            int length = promptGroup.promptTokens().length;
            place(promptGroup.promptTokens(), at, 0, segment, longest);
            for (int i = 0; i < length; i++) key[segment * reach + i] = start + i;
            segment++;
            at += length;
            for (int[] completion : promptGroup.completions()) {
                place(completion, at, length, segment, longest);
                prompt[segment] = length;
                for (int i = 0; i < length; i++) key[segment * reach + i] = start + i;
                for (int i = 0; i < completion.length; i++) {
                    key[segment * reach + length + i] = at + i;
                    source[m] = i == 0 ? start + length - 1 : at + i - 1;
                    target[m++] = completion[i];
                }
                segment++;
                at += completion.length;
            }
        }
    }

    private void place(int[] ids, int at, int firstPosition, int segment, int longest) {
        for (int i = 0; i < ids.length; i++) {
            tokens[at + i] = ids[i];
            positions[at + i] = firstPosition + i;
            query[segment * longest + i] = at + i;
            back[at + i] = (long) segment * longest + i;
        }
    }

    /** S. */
    public int segments() {
        return prompt.length;
    }

    /** Q. */
    public int longest() {
        return query.length / segments();
    }

    /** K. */
    public int reach() {
        return key.length / segments();
    }
}
