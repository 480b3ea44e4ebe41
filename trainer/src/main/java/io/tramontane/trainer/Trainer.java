package io.tramontane.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.Numerics;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * GRPO as Magistral does it (paper section 2.1): batches become minibatches, one optimizer step each; a minibatch is cut
 * into microbatches whose gradients add up, so that neither their number nor their order matters. No KL term, no entropy
 * bonus, no critic. One thread owns it.
 *
 * <p>What we changed from the paper: nothing in the objective. Its denominator is the number of completion tokens of the
 * whole minibatch (the paper writes it per group and leaves open how groups combine).
 */
public final class Trainer implements BatchTrainer {
    private final Policy policy;
    private TrainerConfig config;
    private final double temperature;
    private final Optimizer optimizer;
    private int version;

    private Trainer(WeightSnapshot weights, TrainerConfig config, double temperature, Numerics numerics) {
        this.policy = new Policy(weights, numerics);
        this.config = config;
        this.temperature = temperature;
        this.optimizer = new Optimizer(policy, config.optimizer());
        this.version = weights.version();
    }

    /** Starts at step 0 with fresh moments and fast numerics. */
    public static Trainer fresh(WeightSnapshot weights, TrainerConfig config, double temperature) {
        return fresh(weights, config, temperature, Numerics.FAST);
    }

    /** Starts at step 0 with fresh moments; temperature and numerics are those of sampling. */
    public static Trainer fresh(WeightSnapshot weights, TrainerConfig config, double temperature, Numerics numerics) {
        return new Trainer(weights.withVersion(0), config, temperature, numerics);
    }

    /** Continues from {@code checkpoints/step-000040} with fast numerics. */
    public static Trainer restore(Path checkpoint, TrainerConfig config, double temperature) {
        return restore(checkpoint, config, temperature, Numerics.FAST);
    }

    /** Continues from {@code checkpoints/step-000040}; temperature and numerics are those of sampling. */
    public static Trainer restore(Path checkpoint, TrainerConfig config, double temperature, Numerics numerics) {
        TrainingState state = TrainingState.read(checkpoint);
        Trainer trainer = new Trainer(state.weights(), config, temperature, numerics);
        trainer.optimizer.restore(state.first(), state.second(), state.updates());
        return trainer;
    }

    /** Steps done; the version of the weights. */
    @Override
    public int version() {
        return version;
    }

    @Override
    public void use(TrainerConfig next) {
        config = next;
        optimizer.use(next.optimizer());
    }

    /** Trains on one batch, which must be the next one. */
    @Override
    public StepReport step(Batch batch) {
        if (batch.step() != version + 1)
            throw new IllegalArgumentException("batch of step " + batch.step() + ", expected " + (version + 1));
        Tally tally = new Tally();
        double rate = config.optimizer().rateAt(version + 1, config.steps());
        for (List<ScoredGroup> minibatch : minibatches(batch)) {
            long tokens = minibatch.stream()
                    .mapToLong(g -> g.group().completionTokens())
                    .sum();
            double[][] advantages =
                    Advantages.of(minibatch.stream().map(ScoredGroup::values).toList());
            for (Microbatch micro : Packing.pack(minibatch, advantages, config.microbatchTokens()))
                accumulate(micro, tokens, tally);
            tally.minibatchDone(optimizer.step(rate), tokens);
        }
        version++;
        return tally.report(batch, version, rate);
    }

    /**
     * As many as the config says, of as many groups each. Groups stay whole, so that the mean advantage of a minibatch is 0;
     * one that has lost completions (UNSCORED) still counts as a group, so that the number of updates does not depend on it.
     */
    private List<List<ScoredGroup>> minibatches(Batch batch) {
        int count = config.updatesPerStep();
        int groups = batch.groups().size();
        if (groups % count != 0)
            throw new IllegalArgumentException(
                    "batch of step " + batch.step() + " has " + groups + " groups for " + count
                            + " minibatches (trainer.batchSize " + config.batchSize() + ", trainer.minibatchSize "
                            + config.minibatchSize() + ")");
        List<List<ScoredGroup>> minibatches = new ArrayList<>();
        for (int from = 0; from < groups; from += groups / count)
            minibatches.add(batch.groups().subList(from, from + groups / count));
        return minibatches;
    }

    /** Adds one microbatch's gradient. */
    private void accumulate(Microbatch micro, long minibatchTokens, Tally tally) {
        PackedSequences packed = PackedSequences.of(micro.promptGroups());
        float[] behaviour = micro.behaviour();
        try (NDManager scope = policy.manager().newSubManager()) {
            NDList arguments = new NDList(policy.theta(), optimizer.gradient());
            arguments.addAll(Policy.arrays(packed, scope));
            arguments.add(Policy.floats(scope, behaviour, behaviour.length));
            arguments.add(Policy.floats(scope, micro.advantagePerToken(), behaviour.length));
            arguments.add(scope.create(new float[] {
                (float) temperature,
                (float) (1 - config.loss().clipLow()),
                (float) (1 + config.loss().clipHigh()),
                (float) (1.0 / minibatchTokens)
            }));
            NDArray sums =
                    policy.differentiate("policy_gradient", arguments, scope).get(0);
            tally.add(sums.toDoubleArray(), packed.tokens().length - behaviour.length);
        }
    }

    /** A copy of the weights. */
    @Override
    public WeightSnapshot snapshot() {
        return policy.snapshot(version);
    }

    /** [P] float32 that the last microbatches have added up to; zero after a step. For tests. */
    float[] gradient() {
        return optimizer.gradient().toFloatArray();
    }

    /** Adds the gradient of a minibatch without changing weights. For tests. */
    void accumulateAll(List<ScoredGroup> minibatch, int budget) {
        long tokens =
                minibatch.stream().mapToLong(g -> g.group().completionTokens()).sum();
        double[][] advantages =
                Advantages.of(minibatch.stream().map(ScoredGroup::values).toList());
        for (Microbatch micro : Packing.pack(minibatch, advantages, budget)) accumulate(micro, tokens, new Tally());
    }

    /** Log-probabilities of {@code tokens[from..]} by the training forward, at the sampling temperature. */
    @Override
    public float[] score(int[] tokens, int from) {
        return policy.logprobs(PackedSequences.of(tokens, from), temperature);
    }

    /** Writes weights, moments and counters, beside first, then renamed into place. */
    @Override
    public void save(Path checkpoint, Path tokenizerJson) {
        TrainingState.write(checkpoint, tokenizerJson, new TrainingState.Parts() {
            @Override
            public WeightSnapshot weights() {
                return snapshot();
            }

            @Override
            public WeightSnapshot first() {
                return optimizer.first();
            }

            @Override
            public WeightSnapshot second() {
                return optimizer.second();
            }

            @Override
            public long updates() {
                return optimizer.updates();
            }
        });
    }

    @Override
    public void close() {
        policy.close();
    }

    /** Sums over the microbatches of one step. */
    private static final class Tally {
        private final double[] sums = new double[5];
        private final double[] minibatch = new double[5];
        private long promptTokens;
        private int minibatches;
        private double objectives;
        private double behaviourKl;
        private double gradNorm;

        void add(double[] found, long prompts) {
            for (int i = 0; i < minibatch.length; i++) minibatch[i] += found[i];
            promptTokens += prompts;
        }

        void minibatchDone(double norm, long tokens) {
            gradNorm = norm;
            objectives += minibatch[0] / tokens;
            if (minibatches == 0) behaviourKl = minibatch[4] / tokens;
            minibatches++;
            for (int i = 0; i < sums.length; i++) sums[i] += minibatch[i];
            Arrays.fill(minibatch, 0);
        }

        StepReport report(Batch batch, int version, double rate) {
            long tokens = batch.completionTokens();
            double lag = 0;
            int lagMax = 0;
            for (ScoredGroup group : batch.groups())
                for (Completion completion : group.group().completions())
                    for (int sampledBy : completion.versions()) {
                        lag += version - 1 - sampledBy;
                        lagMax = Math.max(lagMax, version - 1 - sampledBy);
                    }
            return new StepReport(
                    version,
                    objectives / minibatches,
                    sums[1] / tokens,
                    sums[2] / tokens,
                    sums[3] / tokens,
                    gradNorm,
                    rate,
                    lag / tokens,
                    lagMax,
                    behaviourKl,
                    promptTokens,
                    tokens);
        }
    }
}
