package io.tramontane.trainer;

import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.Slopes;
import io.tramontane.model.TrainingPass;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.trainer.loss.Losses;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.Objective;
import java.util.List;

/**
 * The gradient of a minibatch's objective: one pass for each microbatch. Gradients of microbatches add up, so that neither
 * their number nor their order matters.
 */
final class MinibatchGradient {
    /** The smallest pass: a prompt of one token and a completion of one. */
    static final PackedSequences NOTHING = PackedSequences.of(new int[] {0, 0}, 1);

    private static final Slopes NO_SLOPES = (from, to, logprobs, entropies, slope, entropySlope) -> {};

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
    record Found(Measures measures, long chosenTokens, long promptTokens) {
        /** The same of all ranks. */
        Found ofAll(Collectives ranks) {
            double[] sums = ranks.sum(measures.with(chosenTokens, promptTokens));
            return new Found(Measures.of(sums), (long) sums[sums.length - 2], (long) sums[sums.length - 1]);
        }
    }

    /** Adds d objective / d theta of one rank's microbatches to the gradient. */
    Found addTo(FlatVector gradient, LossInputs.Share share) {
        Found found = addTo(gradient, share.inputs());
        for (int i = share.inputs().size(); i < share.passes() && policy.ranksInStep(); i++)
            pass(NOTHING, NO_SLOPES, gradient); // the others wait for this rank between blocks
        return found;
    }

    /** Adds d objective / d theta to the gradient. */
    Found addTo(FlatVector gradient, List<LossInput> minibatch) {
        Measures measures = new Measures();
        long completions = 0;
        long prompts = 0;
        for (LossInput input : minibatch) {
            PackedSequences packed = PackedSequences.of(input.micro().promptGroups());
            pass(packed, new LossSlopes(objective, input, measures), gradient);
            completions += input.chosenTokens();
            prompts += packed.tokens().length - packed.target().length;
        }
        return new Found(measures, completions, prompts);
    }

    private void pass(PackedSequences packed, Slopes slopes, FlatVector gradient) {
        try (TrainingPass pass = policy.pass(packed, temperature, keep)) {
            if (objective.needsWholeSequences()) pass.logprobs();
            pass.backward(slopes, gradient);
        }
    }
}
