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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    /** What was found on the way: sums over some microbatches. */
    static final class Found {
        private final Measures measures;
        private long chosenTokens;
        private long promptTokens;

        Found() {
            this(new Measures(), 0, 0);
        }

        private Found(Measures measures, long chosenTokens, long promptTokens) {
            this.measures = measures;
            this.chosenTokens = chosenTokens;
            this.promptTokens = promptTokens;
        }

        Measures measures() {
            return measures;
        }

        /** Tokens that were trained on. */
        long chosenTokens() {
            return chosenTokens;
        }

        /** Prompt tokens that were computed, after sharing within groups. */
        long promptTokens() {
            return promptTokens;
        }

        private Found and(Found more) {
            measures.add(more.measures);
            return new Found(measures, chosenTokens + more.chosenTokens, promptTokens + more.promptTokens);
        }

        /** The same of all ranks. */
        Found ofAll(Collectives ranks) {
            double[] sums = ranks.sum(measures.with(chosenTokens, promptTokens));
            return new Found(Measures.of(sums), (long) sums[sums.length - 2], (long) sums[sums.length - 1]);
        }
    }

    /** Adds d objective / d theta of one rank's microbatches to the optimizer's gradient. */
    Found addTo(GradientShares gradient, LossInputs.Share share) {
        List<Found> found = new ArrayList<>();
        List<List<GradientShares.Pass>> passes = new ArrayList<>();
        for (List<LossInput> inputs : share.threads()) {
            Found own = new Found();
            found.add(own);
            passes.add(inputs.stream()
                    .<GradientShares.Pass>map(input -> vector -> addTo(vector, input, own))
                    .collect(Collectors.toCollection(ArrayList::new)));
        }
        for (int i = share.inputs().size(); i < share.passes() && policy.ranksInStep(); i++)
            passes.get(0)
                    .add(vector -> pass(NOTHING, NO_SLOPES, vector)); // the others wait for this rank between blocks
        gradient.add(passes);
        return found.stream().reduce(new Found(), Found::and);
    }

    /** Adds d objective / d theta to the gradient. */
    Found addTo(FlatVector gradient, List<LossInput> minibatch) {
        Found found = new Found();
        for (LossInput input : minibatch) addTo(gradient, input, found);
        return found;
    }

    private void addTo(FlatVector gradient, LossInput input, Found found) {
        PackedSequences packed = PackedSequences.of(input.micro().promptGroups());
        pass(packed, new LossSlopes(objective, input, found.measures), gradient);
        found.chosenTokens += input.chosenTokens();
        found.promptTokens += packed.tokens().length - packed.target().length;
    }

    private void pass(PackedSequences packed, Slopes slopes, FlatVector gradient) {
        try (TrainingPass pass = policy.pass(packed, temperature, keep)) {
            if (objective.needsWholeSequences()) pass.logprobs();
            pass.backward(slopes, gradient);
        }
    }
}
