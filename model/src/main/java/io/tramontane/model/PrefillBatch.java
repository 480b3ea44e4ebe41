package io.tramontane.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One prefill pass: the next missing tokens of some prompts, laid end to end without padding.
 *
 * @param prompts those that have tokens in it
 * @param tokens [N]
 * @param positions [N] where each stands in its prompt
 * @param starts per prompt, position of its first token here
 * @param counts per prompt, its tokens here
 */
record PrefillBatch(List<PromptCache> prompts, long[] tokens, long[] positions, long[] starts, long[] counts) {
    /** At most {@code maxTokens} tokens in the prompts' order; they count as computed from now on. */
    static PrefillBatch next(List<PromptCache> prompts, int maxTokens) {
        List<PromptCache> chosen = new ArrayList<>();
        LongStream.Builder tokens = LongStream.builder();
        LongStream.Builder positions = LongStream.builder();
        long[] starts = new long[prompts.size()];
        long[] counts = new long[prompts.size()];
        int left = maxTokens;
        for (PromptCache prompt : prompts) {
            int count = Math.min(left, prompt.missing());
            if (count == 0) continue;
            int start = prompt.computed();
            starts[chosen.size()] = start;
            counts[chosen.size()] = count;
            for (int position = start; position < start + count; position++) positions.add(position);
            for (int token : prompt.advance(count)) tokens.add(token);
            chosen.add(prompt);
            left -= count;
        }
        return new PrefillBatch(
                chosen,
                tokens.build().toArray(),
                positions.build().toArray(),
                Arrays.copyOf(starts, chosen.size()),
                Arrays.copyOf(counts, chosen.size()));
    }

    boolean isEmpty() {
        return tokens.length == 0;
    }

    /** What the program's {@code prefill}, {@code score} and {@code chunks} take behind the weights, and what follows it. */
    IValue[] arguments(NDManager scope, IValue... more) {
        IValue[] all = Arrays.copyOf(
                new IValue[] {
                    Policy.tensors(prompts.stream().map(p -> p.cache().keys()).toList()),
                    Policy.tensors(prompts.stream().map(p -> p.cache().values()).toList()),
                    Policy.tensor(Policy.longs(scope, tokens, tokens.length)),
                    Policy.tensor(Policy.longs(scope, positions, tokens.length)),
                    IValue.listFrom(starts),
                    IValue.listFrom(counts)
                },
                6 + more.length);
        System.arraycopy(more, 0, all, 6, more.length);
        return all;
    }
}
