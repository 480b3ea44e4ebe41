package io.tramontane.trainer;

import io.tramontane.data.Completion;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.ranks.Collectives;
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
    private final Collectives ranks;

    /**
     * Of one step.
     *
     * @param policy with the weights that the step starts with
     * @param reference null where the objective has none
     * @param ranks that share the minibatches
     */
    LossInputs(Policy policy, ReferencePolicy reference, TrainerConfig config, double temperature, Collectives ranks) {
        if (config.microbatchTokens() < 1)
            throw new IllegalArgumentException(
                    "trainer.microbatchTokens 0: without the plan of a run it must be stated");
        this.policy = policy;
        this.reference = reference;
        this.config = config;
        this.temperature = temperature;
        this.ranks = ranks;
    }

    /**
     * This rank's share of a minibatch.
     *
     * @param threads its microbatches, by thread
     * @param passes how many the rank with the most has
     */
    record Share(List<List<LossInput>> threads, int passes) {
        /** All of its microbatches. */
        List<LossInput> inputs() {
            return threads.stream().flatMap(List::stream).toList();
        }
    }

    /** One share for each minibatch. */
    List<Share> of(Objective objective, List<List<ScoredGroup>> minibatches) {
        AdvantageRule rule = config.loss().ownAdvantage();
        List<ScoredGroup> batch = minibatches.stream().flatMap(List::stream).toList();
        double[][] all = rule == AdvantageRule.BATCH ? Advantages.of(rule, rewards(batch)) : null;
        List<Share> inputs = new ArrayList<>();
        int from = 0;
        for (List<ScoredGroup> minibatch : minibatches) {
            double[][] advantages = all == null
                    ? Advantages.of(rule, rewards(minibatch))
                    : Arrays.copyOfRange(all, from, from + minibatch.size());
            Aggregation.Size size = size(minibatch);
            boolean oneUpdate = minibatches.size() == 1;
            int threads = config.threads(); // 1 where there are several ranks
            List<List<Microbatch>> packed =
                    Packing.pack(minibatch, advantages, config.microbatchTokens(), ranks.count() * threads);
            List<List<Microbatch>> own = packed.subList(ranks.rank() * threads, (ranks.rank() + 1) * threads);
            int passes = packed.stream().mapToInt(List::size).max().orElseThrow();
            inputs.add(new Share(
                    own.stream()
                            .map(list -> list.stream()
                                    .map(micro -> input(objective, micro, size, oneUpdate))
                                    .toList())
                            .toList(),
                    passes));
            idle(objective, passes - own.get(0).size(), oneUpdate);
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
                minibatch.stream().mapToLong(g -> g.group().chosenTokens()).sum();
        long completions = minibatch.stream()
                .flatMap(g -> g.group().completions().stream())
                .filter(c -> c.chosenTokens() > 0)
                .count();
        return new Aggregation.Size(tokens, Math.toIntExact(completions), loss.constantLength());
    }

    /** Where ranks wait for each other between blocks, those with fewer microbatches make passes over nothing. */
    private void idle(Objective objective, int passes, boolean oneUpdate) {
        for (int i = 0; i < passes && policy.ranksInStep(); i++) {
            if (objective.needsProximal() && !oneUpdate) policy.logprobs(MinibatchGradient.NOTHING, temperature);
            if (objective.needsReference()) reference.logprobs(MinibatchGradient.NOTHING, temperature);
        }
    }

    private LossInput input(Objective objective, Microbatch micro, Aggregation.Size size, boolean oneUpdate) {
        boolean others = objective.needsReference() || objective.needsProximal() && !oneUpdate;
        PackedSequences packed = others ? PackedSequences.of(micro.promptGroups()) : null;
        float[] proximal = NONE; // before the first update they are what the pass itself finds
        if (!objective.needsProximal()) proximal = micro.behaviour();
        else if (!oneUpdate) proximal = policy.logprobs(packed, temperature);
        float[] referred = objective.needsReference() ? reference.logprobs(packed, temperature) : NONE;
        return new LossInput(micro, weights(micro, size), proximal, referred);
    }

    /** Share of each token in the loss; exactly 0 for a token that the policy did not choose. */
    private float[] weights(Microbatch micro, Aggregation.Size size) {
        int[] starts = micro.starts();
        float[] weights = new float[starts[starts.length - 1]];
        for (int i = 0; i + 1 < starts.length; i++) {
            Completion completion = micro.completions().get(i);
            int chosen = completion.chosenTokens();
            if (chosen == 0) continue;
            float weight = (float) config.loss().ownAggregation().weight(size, chosen);
            if (completion.chosen() == null) Arrays.fill(weights, starts[i], starts[i + 1], weight);
            else
                for (int t = 0; t < completion.length(); t++)
                    if (completion.isChosen(t)) weights[starts[i] + t] = weight;
        }
        return weights;
    }
}
