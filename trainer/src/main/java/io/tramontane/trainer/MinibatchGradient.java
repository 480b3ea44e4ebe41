package io.tramontane.trainer;

import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.TrainingPass;
import io.tramontane.trainer.loss.Losses;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.Objective;
import java.util.List;

/**
 * The gradient of a minibatch's objective: one pass for each microbatch. Gradients of microbatches add up, so that neither
 * their number nor their order matters.
 */
final class MinibatchGradient {
    private final Policy policy;
    private final double temperature;
    private final Keep keep;
    private final Objective objective;

    MinibatchGradient(Policy policy, TrainerConfig config, double temperature) {
        this(policy, config, temperature, Losses.of(config.loss()));
    }

    /** With an objective that no config can name. For tests. */
    MinibatchGradient(Policy policy, TrainerConfig config, double temperature, Objective objective) {
        this.policy = policy;
        this.temperature = temperature;
        this.keep = config.keep();
        this.objective = objective;
    }

    /** What is minimised. */
    Objective objective() {
        return objective;
    }

    /**
     * What was found on the way.
     *
     * @param measures sums over the minibatch
     * @param chosenTokens that were trained on
     * @param promptTokens that were computed, after sharing within groups
     */
    record Found(Measures measures, long chosenTokens, long promptTokens) {}

    /** Adds d objective / d theta to the gradient. */
    Found addTo(FlatVector gradient, List<LossInput> minibatch) {
        Measures measures = new Measures();
        long completions = 0;
        long prompts = 0;
        for (LossInput input : minibatch) {
            PackedSequences packed = PackedSequences.of(input.micro().promptGroups());
            try (TrainingPass pass = policy.pass(packed, temperature, keep)) {
                if (objective.needsWholeSequences()) pass.logprobs();
                pass.backward(new LossSlopes(objective, input, measures), gradient);
            }
            completions += input.chosenTokens();
            prompts += packed.tokens().length - packed.target().length;
        }
        return new Found(measures, completions, prompts);
    }
}
