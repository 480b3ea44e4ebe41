package io.tramontane.trainer;

import io.tramontane.data.ScoredGroup;
import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.TrainingPass;
import io.tramontane.trainer.loss.MagistralLoss;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.PolicyLoss;
import java.util.List;

/**
 * The gradient of a minibatch's loss: advantages, microbatches, one pass each. Gradients of microbatches add up, so that
 * neither their number nor their order matters.
 */
final class MinibatchGradient {
    private final Policy policy;
    private final double temperature;
    private final int microbatchTokens;
    private final Keep keep;
    private final PolicyLoss loss;

    MinibatchGradient(Policy policy, TrainerConfig config, double temperature) {
        this.policy = policy;
        this.temperature = temperature;
        this.microbatchTokens = config.microbatchTokens();
        this.keep = config.keep();
        this.loss = new MagistralLoss(config.loss().clipLow(), config.loss().clipHigh());
    }

    /**
     * What was found on the way.
     *
     * @param measures sums over the minibatch
     * @param completionTokens that were trained on
     * @param promptTokens that were computed, after sharing within groups
     */
    record Found(Measures measures, long completionTokens, long promptTokens) {}

    /** Adds d loss / d theta to the gradient. */
    Found addTo(FlatVector gradient, List<ScoredGroup> minibatch) {
        long tokens =
                minibatch.stream().mapToLong(g -> g.group().completionTokens()).sum();
        double[][] advantages =
                Advantages.of(minibatch.stream().map(ScoredGroup::values).toList());
        Measures measures = new Measures();
        long prompts = 0;
        for (Microbatch micro : Packing.pack(minibatch, advantages, microbatchTokens)) {
            PackedSequences packed = PackedSequences.of(micro.promptGroups());
            try (TrainingPass pass = policy.pass(packed, temperature, keep)) {
                if (loss.needsWholeSequences()) pass.logprobs();
                pass.backward(new LossSlopes(loss, micro, 1.0 / tokens, measures), gradient);
            }
            prompts += packed.tokens().length - packed.target().length;
        }
        return new Found(measures, tokens, prompts);
    }
}
