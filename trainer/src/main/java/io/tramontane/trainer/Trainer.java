package io.tramontane.trainer;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.ScoredGroup;
import io.tramontane.data.StoragePath;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Cores;
import io.tramontane.model.NotFiniteGradientException;
import io.tramontane.model.Numerics;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.trainer.loss.Measure;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.ReferenceRule;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Batches become minibatches, one optimizer step each; a minibatch is cut into microbatches whose gradients add up, so that
 * neither their number nor their order matters. What is minimised is an {@link io.tramontane.trainer.loss.Objective}: by default
 * GRPO as Magistral does it (paper section 2.1), without KL and entropy bonus. There is no critic. One thread owns it.
 */
public final class Trainer implements BatchTrainer {
    private final Policy policy;
    private TrainerConfig config;
    private final Computation computation;
    private final Collectives ranks;
    private MinibatchGradient gradient;
    private final Optimizer optimizer;
    private final GradientShares shares;
    private final Adapters adapters;
    private ReferencePolicy reference; // null until a step needs it
    private int version;
    private WeakReference<WeightSnapshot> newest = new WeakReference<>(null);

    private Trainer(VectorSource weights, int version, TrainerConfig given, Computation computation) {
        TrainerConfig config = on(computation.device(), given);
        this.computation = computation;
        this.ranks = computation.ranks();
        this.policy = new Policy(
                weights,
                computation.numerics(),
                config.dtype(),
                computation.device(),
                config.lora(),
                computation.sharding(config));
        this.adapters = Adapters.of(policy, config.lora(), weights);
        this.config = config;
        this.gradient = new MinibatchGradient(policy, config, computation.temperature());
        this.optimizer = new Optimizer(policy, config.optimizer());
        this.shares = new GradientShares(policy, optimizer, config.threads(), Cores.ofProcess());
        this.version = version;
    }

    /** Starts at step 0 with fresh moments and fast numerics. */
    public static Trainer fresh(WeightSnapshot weights, TrainerConfig config, double temperature) {
        return fresh(weights, config, temperature, Numerics.FAST);
    }

    /** Starts at step 0 with fresh moments; temperature and numerics are those of sampling. */
    public static Trainer fresh(WeightSnapshot weights, TrainerConfig config, double temperature, Numerics numerics) {
        return fresh(weights, config, new Computation(temperature, numerics, ComputeDevice.available()), 1);
    }

    /** The same with a seed, that of new adapters; a rank needs the weights that it holds. */
    public static Trainer fresh(WeightSnapshot weights, TrainerConfig config, Computation computation, long seed) {
        Trainer trainer = new Trainer(weights, 0, config, computation);
        trainer.adapters.begin(seed);
        return trainer;
    }

    /** Continues from {@code checkpoints/step-000040} with fast numerics. */
    public static Trainer restore(Path checkpoint, TrainerConfig config, double temperature) {
        Computation computation = new Computation(temperature, Numerics.FAST, ComputeDevice.available());
        return restore(new LocalStorage(checkpoint), config, computation, null);
    }

    /**
     * Continues from {@code checkpoints/step-000040}.
     *
     * @param model what the run started from: the base, if adapters are trained
     */
    public static Trainer restore(StoragePath checkpoint, TrainerConfig config, Computation computation, Path model) {
        try (TrainingState state = TrainingState.open(checkpoint, config.lora(), model, computation.ranks())) {
            Trainer trainer = new Trainer(state.weights(), state.version(), config, computation);
            boolean restored = false;
            try {
                trainer.restore(state);
                restored = true;
                return trainer;
            } finally {
                if (!restored) trainer.close();
            }
        }
    }

    private void restore(TrainingState state) {
        state.checkWeights(policy);
        state.adapters().ifPresent(adapters::load);
        optimizer.restore(state.first(), state.second(), state.updates());
        state.reference().ifPresent(this::refer); // whether or not this step needs it: a later stage may
    }

    /** Steps done; the version of the weights. */
    @Override
    public int version() {
        return version;
    }

    @Override
    public void use(TrainerConfig next) {
        config = on(computation.device(), next);
        gradient = new MinibatchGradient(policy, config, computation.temperature());
        optimizer.use(config.optimizer());
    }

    /** A GPU computes one pass after the other. */
    private static TrainerConfig on(ComputeDevice device, TrainerConfig config) {
        return device.gpu() ? config.withThreads(1) : config;
    }

    /** Trains on one batch, which must be the next one. */
    @Override
    public StepReport step(Batch batch) {
        if (batch.step() != version + 1)
            throw new IllegalArgumentException("batch of step " + batch.step() + ", expected " + (version + 1));
        ranks.at(batch.step());
        Tally tally = new Tally();
        double rate = config.optimizer().rateAt(version + 1, config.steps());
        if (gradient.objective().needsReference() && reference == null) refer(policy.held(version));
        LossInputs inputs = new LossInputs(policy, reference, config, computation.temperature(), ranks);
        for (LossInputs.Share share : inputs.of(gradient.objective(), minibatches(batch))) {
            MinibatchGradient.Found found = gradient.addTo(shares, share).ofAll(ranks);
            tally.add(found, update(rate, tally.minibatches() + 1));
        }
        version++;
        if (reference != null && config.loss().reference() == ReferenceRule.EMA)
            reference.follow(policy.held(version), config.loss().referenceDecay());
        return tally.report(batch, version, rate, gradient.objective().measured());
    }

    private double update(double rate, int minibatch) {
        try {
            return optimizer.step(rate);
        } catch (NotFiniteGradientException e) {
            throw e.at("step " + (version + 1) + ", minibatch " + minibatch + " of " + config.updatesPerStep());
        }
    }

    private void refer(VectorSource weights) {
        reference = new ReferencePolicy(weights, computation, config);
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

    /** The same copy as before while the weights are the same and somebody still has it: what is served is saved as well. */
    @Override
    public WeightSnapshot snapshot() {
        WeightSnapshot copy = newest.get();
        if (copy == null || copy.version() != version) copy = policy.snapshot(version);
        newest = new WeakReference<>(copy);
        return copy;
    }

    @Override
    public String digest() {
        return policy.digest();
    }

    /** Log-probabilities of {@code tokens[from..]} by the training forward, at the sampling temperature. */
    @Override
    public float[] score(int[] tokens, int from) {
        return policy.logprobs(PackedSequences.of(tokens, from), computation.temperature());
    }

    /** The same on this machine. */
    public void save(Path checkpoint, Path tokenizerJson) {
        save(new LocalStorage(checkpoint), tokenizerJson);
    }

    /** Writes weights, moments and counters: the checkpoint is there when all of them are. */
    @Override
    public void save(StoragePath checkpoint, Path tokenizerJson) {
        TrainingState.write(checkpoint, tokenizerJson, parts(), ranks);
    }

    @Override
    public Optional<String> differenceFrom(StoragePath checkpoint) {
        return SavedState.difference(checkpoint, parts());
    }

    private CheckpointParts parts() {
        return new CheckpointParts(version, adapters, optimizer, this::snapshot, () -> Optional.ofNullable(reference)
                .map(r -> r.snapshot(version, policy.served())));
    }

    @Override
    public long helperCpuNanos() {
        return shares.helperCpuNanos();
    }

    @Override
    public void close() {
        shares.close();
        ranks.stop();
        if (reference != null) reference.close();
        policy.close();
    }

    /** Sums over the minibatches of one step. */
    private static final class Tally {
        private static final Map<Measure, String> OTHERS = new EnumMap<>(Map.of(
                Measure.MASKED, "correctionMaskedShare",
                Measure.TRUNCATED, "correctionBoundShare",
                Measure.REFERENCE_KL, "referenceKl"));

        private final Measures sums = new Measures();
        private long promptTokens;
        private int minibatches;
        private double behaviourKl;
        private double gradNorm;

        int minibatches() {
            return minibatches;
        }

        void add(MinibatchGradient.Found found, double norm) {
            gradNorm = norm;
            if (minibatches == 0) behaviourKl = found.measures().get(Measure.BEHAVIOUR_KL) / found.chosenTokens();
            minibatches++;
            promptTokens += found.promptTokens();
            sums.add(found.measures());
        }

        StepReport report(Batch batch, int version, double rate, Set<Measure> measured) {
            long tokens = batch.chosenTokens();
            double lag = 0;
            int lagMax = 0;
            for (ScoredGroup group : batch.groups())
                for (Completion completion : group.group().completions())
                    for (int t = 0; t < completion.length(); t++) {
                        if (!completion.isChosen(t)) continue;
                        int age = version - 1 - completion.versions()[t];
                        lag += age;
                        lagMax = Math.max(lagMax, age);
                    }
            return new StepReport(
                    version,
                    sums.get(Measure.OBJECTIVE) / minibatches,
                    sums.get(Measure.ENTROPY) / tokens,
                    sums.get(Measure.CLIPPED_LOW) / tokens,
                    sums.get(Measure.CLIPPED_HIGH) / tokens,
                    gradNorm,
                    rate,
                    lag / tokens,
                    lagMax,
                    behaviourKl,
                    promptTokens,
                    tokens,
                    others(measured, tokens));
        }

        private Map<String, Double> others(Set<Measure> measured, long tokens) {
            Map<String, Double> others = new TreeMap<>();
            OTHERS.forEach((measure, name) -> {
                if (measured.contains(measure)) others.put(name, sums.get(measure) / tokens);
            });
            return others;
        }
    }
}
