package io.tramontane.trainer;

import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.TrainingPass;
import java.util.List;

/** loss = -sum of log p(token) over the learned tokens / tokens, the loss of supervised fine-tuning. */
final class LikelihoodGradient {
    private LikelihoodGradient() {}

    /**
     * Adds the gradient of sequences that are computed in one pass. The slope of a token that is not learned is exactly 0.
     *
     * @param tokens learned tokens of the whole batch
     * @param gradient [P] d loss / d theta is added
     * @return log-likelihood of the learned tokens, nats
     */
    static double addTo(FlatVector gradient, Policy policy, Keep keep, List<SftSequence> sequences, long tokens) {
        boolean[] learned =
                new boolean[sequences.stream().mapToInt(s -> s.learned().length).sum()];
        int at = 0;
        for (SftSequence sequence : sequences) {
            System.arraycopy(sequence.learned(), 0, learned, at, sequence.learned().length);
            at += sequence.learned().length;
        }
        PackedSequences packed =
                PackedSequences.of(sequences.stream().map(SftSequence::group).toList());
        try (TrainingPass pass = policy.pass(packed, 1, keep)) {
            pass.backward(
                    (from, to, logprobs, entropies, slope, entropySlope) -> {
                        for (int m = from; m < to; m++) slope[m] = learned[m] ? -1f / tokens : 0;
                    },
                    gradient);
            double likelihood = 0;
            float[] logprobs = pass.logprobs();
            for (int m = 0; m < learned.length; m++) if (learned[m]) likelihood += logprobs[m];
            return likelihood;
        }
    }
}
