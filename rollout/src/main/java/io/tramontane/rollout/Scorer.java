package io.tramontane.rollout;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.Numerics;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Log-probabilities of sequences that are given: as a prompt is computed, several in a pass and long ones in pieces, and
 * then the head over every position. Of the raw distribution, temperature 1. One thread owns it; nothing is laid out for
 * decoding. Native memory: the weights, and keys and values of the sequences of one call.
 */
public final class Scorer implements AutoCloseable {
    /** Tokens of a pass: enough for the matrix rate. */
    private static final int PASS = 512;

    private final Policy policy;
    private final IValue weights;
    private final int most;

    /** Loads the weights. */
    public Scorer(WeightSnapshot weights, Numerics numerics) {
        this(weights, numerics, PASS);
    }

    Scorer(WeightSnapshot weights, Numerics numerics, int most) {
        this.policy = new Policy(weights, numerics);
        this.weights = policy.run("views", Policy.tensor(policy.theta()));
        this.most = most;
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
        Map<Prefix, Integer> places = new LinkedHashMap<>();
        try (NDManager scope = policy.manager().newSubManager()) {
            for (int i = 0; i < scored.size(); i++) {
                int[] seen = Arrays.copyOf(sequences.get(i), scored.get(i).length);
                places.put(new Prefix(scope.newSubManager(), policy.config(), seen), i);
            }
            List<Prefix> all = new ArrayList<>(places.keySet());
            for (Piece piece = Piece.next(all, most); !piece.isEmpty(); piece = Piece.next(all, most))
                take(piece, sequences, scored, places);
        }
        return scored;
    }

    private void take(Piece piece, List<int[]> sequences, List<float[]> scored, Map<Prefix, Integer> places) {
        LongStream.Builder following = LongStream.builder();
        for (int p = 0; p < piece.counts().length; p++) {
            int[] sequence = sequences.get(places.get(piece.prompts().get(p)));
            for (long at = 0; at < piece.counts()[p]; at++) following.add(sequence[(int) (piece.starts()[p] + at + 1)]);
        }
        float[] found = run(piece, following.build().toArray());
        int from = 0;
        for (int p = 0; p < piece.counts().length; p++) {
            float[] own = scored.get(places.get(piece.prompts().get(p)));
            int count = (int) piece.counts()[p];
            System.arraycopy(found, from, own, (int) piece.starts()[p], count);
            from += count;
        }
    }

    private float[] run(Piece piece, long[] following) {
        try (NDManager scope = policy.manager().newSubManager()) {
            List<IValue> arguments = new ArrayList<>(List.of(piece.arguments(scope)));
            arguments.add(Policy.tensor(Policy.longs(scope, following, following.length)));
            arguments.add(IValue.from(1.0));
            return Policy.take(policy.runWith(weights, "score", arguments.toArray(IValue[]::new)), scope)
                    .toFloatArray();
        }
    }

    @Override
    public void close() {
        weights.close();
        policy.close();
    }
}
