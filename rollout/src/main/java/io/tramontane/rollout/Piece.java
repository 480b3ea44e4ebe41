package io.tramontane.rollout;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What one pass computes of some prompts: their next missing tokens, laid end to end without padding.
 *
 * @param prompts those that have tokens in it
 * @param tokens [N]
 * @param positions [N] where each stands in its prompt
 * @param starts per prompt, position of its first token here
 * @param counts per prompt, its tokens here
 */
record Piece(List<Prefix> prompts, long[] tokens, long[] positions, long[] starts, long[] counts) {
    /** The next {@code most} tokens in the prompts' order; they count as computed from now on. */
    static Piece next(List<Prefix> prompts, int most) {
        List<Prefix> touched = new ArrayList<>();
        LongStream.Builder tokens = LongStream.builder();
        LongStream.Builder positions = LongStream.builder();
        long[] starts = new long[prompts.size()];
        long[] counts = new long[prompts.size()];
        int left = most;
        for (Prefix prompt : prompts) {
            int count = Math.min(left, prompt.missing());
            if (count == 0) continue;
            starts[touched.size()] = prompt.done();
            counts[touched.size()] = count;
            for (int place = 0; place < count; place++) positions.add(prompt.done() + place);
            for (int token : prompt.advance(count)) tokens.add(token);
            touched.add(prompt);
            left -= count;
        }
        int pieces = touched.size();
        return new Piece(
                touched,
                tokens.build().toArray(),
                positions.build().toArray(),
                Arrays.copyOf(starts, pieces),
                Arrays.copyOf(counts, pieces));
    }

    boolean isEmpty() {
        return tokens.length == 0;
    }

    /** What the program's {@code prefill} takes behind the weights. */
    IValue[] arguments(NDManager scope) {
        return new IValue[] {
            Policy.tensors(prompts.stream().map(Prefix::keys).toList()),
            Policy.tensors(prompts.stream().map(Prefix::values).toList()),
            Policy.tensor(Policy.longs(scope, tokens, tokens.length)),
            Policy.tensor(Policy.longs(scope, positions, tokens.length)),
            IValue.listFrom(starts),
            IValue.listFrom(counts)
        };
    }
}
