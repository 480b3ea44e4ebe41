package io.tramontane.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Log-probabilities of sequences that are given: computed as prompts are, several in a pass and long ones in parts, then
 * the head over every position. Of the raw distribution, temperature 1, in float32. One thread owns it. Native memory: the
 * weights, as the snapshot has them, until {@link #close()}; keys and values of the sequences of one call.
 */
public final class SequenceScorer implements AutoCloseable {
    /** Tokens of a pass: enough for the matrix rate. */
    private static final int PASS_TOKENS = 512;

    private final Policy policy;
    private final IValue weights;
    private final int passTokens;

    /** Loads the weights. */
    public SequenceScorer(WeightSnapshot weights, Numerics numerics, ComputeDevice device) {
        this(weights, numerics, device, PASS_TOKENS);
    }

    /** Loads the weights in a type: a check of a generator's. */
    public SequenceScorer(WeightSnapshot weights, Dtype dtype, ComputeDevice device) {
        this(weights, Numerics.FAST, dtype, device, PASS_TOKENS);
    }

    /**
     * Loads the weights.
     *
     * @param passTokens most tokens of one pass
     */
    public SequenceScorer(WeightSnapshot weights, Numerics numerics, ComputeDevice device, int passTokens) {
        this(weights, numerics, Dtype.FLOAT32, device, passTokens);
    }

    private SequenceScorer(
            WeightSnapshot weights, Numerics numerics, Dtype dtype, ComputeDevice device, int passTokens) {
        if (passTokens < 1) throw new IllegalArgumentException("passTokens " + passTokens + ", allowed >= 1");
        this.policy = Policy.reader(weights, numerics, dtype, device);
        this.weights = policy.weights();
        this.passTokens = passTokens;
    }

    /**
     * Scores some sequences.
     *
     * @param sequences token ids, at least one each
     * @return for each of them the log-probability of every token after the first
     */
    public List<float[]> logprobs(List<int[]> sequences) {
        List<float[]> scored =
                sequences.stream().map(s -> new float[s.length - 1]).toList();
        Map<PromptCache, Integer> indices = new LinkedHashMap<>();
        try {
            for (int i = 0; i < scored.size(); i++) {
                int[] context = Arrays.copyOf(sequences.get(i), scored.get(i).length);
                indices.put(new PromptCache(policy, context), i);
            }
            List<PromptCache> all = new ArrayList<>(indices.keySet());
            for (PrefillBatch batch = PrefillBatch.next(all, passTokens);
                    !batch.isEmpty();
                    batch = PrefillBatch.next(all, passTokens)) score(batch, sequences, scored, indices);
        } finally {
            indices.keySet().forEach(PromptCache::close);
        }
        return scored;
    }

    private void score(
            PrefillBatch batch, List<int[]> sequences, List<float[]> scored, Map<PromptCache, Integer> indices) {
        LongStream.Builder following = LongStream.builder();
        for (int p = 0; p < batch.counts().length; p++) {
            int[] sequence = sequences.get(indices.get(batch.prompts().get(p)));
            int first = (int) batch.starts()[p] + 1;
            for (int at = 0; at < batch.counts()[p]; at++) following.add(sequence[first + at]);
        }
        float[] found = run(batch, following.build().toArray());
        int from = 0;
        for (int p = 0; p < batch.counts().length; p++) {
            float[] own = scored.get(indices.get(batch.prompts().get(p)));
            int count = (int) batch.counts()[p];
            System.arraycopy(found, from, own, (int) batch.starts()[p], count);
            from += count;
        }
    }

    private float[] run(PrefillBatch batch, long[] following) {
        try (NDManager scope = policy.manager().newSubManager()) {
            IValue targets = Policy.tensor(Policy.longs(scope, following, following.length));
            IValue[] arguments = batch.arguments(scope, targets, IValue.from(1.0));
            return Policy.take(policy.runWith(weights, "score", arguments), scope)
                    .toFloatArray();
        }
    }

    /**
     * Logits of every position of a sequence: large, for checks.
     *
     * @return [N, V] row by row, temperature 1
     */
    public float[] logits(int[] tokens) {
        try (PromptCache prompt = new PromptCache(policy, tokens);
                NDManager scope = policy.manager().newSubManager()) {
            PrefillBatch batch = PrefillBatch.next(List.of(prompt), tokens.length);
            IValue states = policy.runWith(weights, "chunks", batch.arguments(scope, IValue.from(true)));
            IValue temperature = Policy.tensor(Policy.floats(scope, new float[] {1}));
            return Policy.take(policy.runWith(weights, "head", states, temperature), scope)
                    .toFloatArray();
        }
    }

    @Override
    public void close() {
        weights.close();
        policy.close();
    }
}
