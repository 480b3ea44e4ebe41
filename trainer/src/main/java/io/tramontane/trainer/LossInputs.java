package io.tramontane.trainer;

import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.trainer.loss.AdvantageRule;
import io.tramontane.trainer.loss.Aggregation;
import io.tramontane.trainer.loss.LossConfig;
import io.tramontane.trainer.loss.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the losses of a step are told, made before its first update: advantages, the weight of every token, and, only where the
 * objective asks for them, the log-probabilities of the policy at the start of the step and of the reference policy.
 */
final class LossInputs {
    private static final float[] NONE = {};

    private final Policy policy;
    private final ReferencePolicy reference;
    private final TrainerConfig config;
    private final double temperature;

    /**
     * Of one step.
     *
     * @param policy with the weights that the step starts with
     * @param reference null where the objective has none
     */
    LossInputs(Policy policy, ReferencePolicy reference, TrainerConfig config, double temperature) {
        this.policy = policy;
        this.reference = reference;
        this.config = config;
        this.temperature = temperature;
    }

    /** One list of microbatches for each minibatch. */
    List<List<LossInput>> of(Objective objective, List<List<ScoredGroup>> minibatches) {
        AdvantageRule rule = config.loss().ownAdvantage();
        List<ScoredGroup> batch = minibatches.stream().flatMap(List::stream).toList();
        double[][] all = rule == AdvantageRule.BATCH ? Advantages.of(rule, rewards(batch)) : null;
        List<List<LossInput>> inputs = new ArrayList<>();
        int from = 0;
        for (List<ScoredGroup> minibatch : minibatches) {
            double[][] advantages = all == null
                    ? Advantages.of(rule, rewards(minibatch))
                    : Arrays.copyOfRange(all, from, from + minibatch.size());
            Aggregation.Size size = size(minibatch);
            inputs.add(Packing.pack(minibatch, advantages, config.microbatchTokens()).stream()
                    .map(micro -> input(objective, micro, size, minibatches.size() == 1))
                    .toList());
            from += minibatch.size();
        }
        return inputs;
    }

    private static List<double[]> rewards(List<ScoredGroup> groups) {
        return groups.stream().map(ScoredGroup::values).toList();
    }

    private Aggregation.Size size(List<ScoredGroup> minibatch) {
        LossConfig loss = config.loss();
        if (loss.ownAggregation() == Aggregation.CONSTANT_LENGTH && loss.constantLength() == 0)
            throw new IllegalArgumentException("trainer.loss.constantLength 0, allowed >= 1 where nobody samples");
        long tokens =
                minibatch.stream().mapToLong(g -> g.group().completionTokens()).sum();
        long completions = minibatch.stream()
                .flatMap(g -> g.group().completions().stream())
                .filter(c -> c.length() > 0)
                .count();
        return new Aggregation.Size(tokens, Math.toIntExact(completions), loss.constantLength());
    }

    private LossInput input(Objective objective, Microbatch micro, Aggregation.Size size, boolean oneUpdate) {
        boolean others = objective.needsReference() || objective.needsProximal() && !oneUpdate;
        PackedSequences packed = others ? PackedSequences.of(micro.promptGroups()) : null;
        float[] proximal = NONE; // before the first update they are what the pass itself finds
        if (!objective.needsProximal()) proximal = micro.behaviour();
        else if (!oneUpdate) proximal = policy.logprobs(packed, temperature);
        float[] referred = objective.needsReference() ? reference.logprobs(packed, temperature) : NONE;
        return new LossInput(micro, weights(micro.starts(), size), proximal, referred);
    }

    private float[] weights(int[] starts, Aggregation.Size size) {
        float[] weights = new float[starts[starts.length - 1]];
        for (int i = 0; i + 1 < starts.length; i++) {
            double weight = config.loss().ownAggregation().weight(size, starts[i + 1] - starts[i]);
            Arrays.fill(weights, starts[i], starts[i + 1], (float) weight);
        }
        return weights;
    }
}
