package io.tramontane.app.plan;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.config.PlanConfig;
import io.tramontane.cluster.config.Stage;
import io.tramontane.model.AdapterLayout;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.RankTraffic;
import io.tramontane.model.Shard;
import io.tramontane.trainer.Packing;
import io.tramontane.trainer.loss.Losses;
import io.tramontane.trainer.loss.Objective;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * What a step of a run, or of a stage of it, computes, moves and takes, if every prompt and completion has the expected mean
 * length and every rank reaches the given rates. Legend: p prompt, c completion, B completions of a batch; the formula
 * with units is in docs/plan.md.
 *
 * <p>Verifiers take no time here: they work beside the other roles.
 *
 * @param config of the stage, with the rates in {@code plan}
 * @param shape of the model
 * @param inFlight completions that all generators sample at a time
 */
public record StepPlan(Config config, PolicyConfig shape, long inFlight) {
    /** Forward, gradient of what comes in, gradient of the weights. */
    private static final double PASSES = 3;

    /**
     * Numbers that adamw of training.py reads and writes for a parameter: norm 1, clip 2, first moment 2 + 3, second
     * 2 + 3, scale 2 + 2 + 2, decay 2, update 4, zeroing 1.
     */
    private static final double MOVED_BY_ADAMW = 26;

    /** Token, log-probability and version, four bytes each, twice on the way. */
    private static final double COMPLETION_BYTES = 2 * 12;

    private PlanConfig plan() {
        return config.plan();
    }

    private TokenWork work() {
        return new TokenWork(shape);
    }

    /** Mean prompt, in tokens. */
    public double prompt() {
        int longest = config.rollout().maxPromptTokens();
        return plan().promptTokens() == 0 ? longest : Math.min(plan().promptTokens(), longest);
    }

    /** Mean completion, in tokens. */
    public double completion() {
        int longest = config.rollout().maxTokens();
        return plan().completionTokens() == 0 ? longest : Math.min(plan().completionTokens(), longest);
    }

    /** Completion tokens of a batch. */
    public double trainedTokens() {
        return config.trainer().batchSize() * completion();
    }

    /** Completion tokens that are sampled for a batch: groups without a signal are sampled, too. */
    public double sampledTokens() {
        return trainedTokens() / plan().signalShare();
    }

    private Lengths lengths() {
        return new Lengths(completion(), plan().spread(), config.rollout().maxTokens());
    }

    /** Lengths of so many completions, in tokens. */
    public int[] lengths(int count) {
        return lengths().of(count);
    }

    /** The same plan of a batch of so many groups, one optimizer step, by so many trainer ranks. */
    public StepPlan ofGroups(int groups, int trainers) {
        int size = groups * config.rollout().groupSize();
        List<String> sets =
                List.of("trainer.batchSize=" + size, "trainer.minibatchSize=" + size, "cluster.trainers=" + trainers);
        return new StepPlan(ConfigReader.read(config.with(List.<Stage>of()), Optional.empty(), sets), shape, inFlight);
    }

    /** How a minibatch is cut for each trainer rank; its tokens are completions, and prompts, once for each piece of a group. */
    private List<Packing.Cut> minibatch() {
        return Packing.cut(
                config.groupsPerBatch() / config.trainer().updatesPerStep(),
                (int) Math.max(1, Math.round(prompt())),
                lengths(config.rollout().groupSize()),
                config.trainer().microbatchTokens(),
                trainers());
    }

    private int trainers() {
        return config.cluster().trainers();
    }

    /** How a batch is cut, all ranks together. */
    public Packing.Cut passes() {
        List<Packing.Cut> ranks = minibatch();
        return new Packing.Cut(
                        ranks.stream().mapToInt(Packing.Cut::microbatches).sum(),
                        ranks.stream().mapToLong(Packing.Cut::tokens).sum(),
                        ranks.stream().mapToLong(Packing.Cut::pairs).sum())
                .times(config.trainer().updatesPerStep());
    }

    /** FLOP of a step's passes, of all ranks together. */
    public double trainingFlops() {
        return rankFlops().sum();
    }

    /** FLOP of a step's passes of the rank that has most of them; the others wait for it. */
    public double mostFlops() {
        return rankFlops().max().orElseThrow();
    }

    /** By rank; each has as many completion tokens of its tokens as the others. */
    private DoubleStream rankFlops() {
        int updates = config.trainer().updatesPerStep();
        List<Packing.Cut> ranks = minibatch();
        double all = ranks.stream().mapToLong(Packing.Cut::tokens).sum();
        return ranks.stream()
                .mapToDouble(rank -> passFlops(
                        updates * rank.tokens(), trainedTokens() * rank.tokens() / all, updates * rank.pairs()));
    }

    /**
     * FLOP of passes, back and forth.
     *
     * @param tokens of prompts and completions
     * @param completions tokens of completions alone
     * @param pairs of query and key, with padding
     */
    public double passFlops(double tokens, double completions, double pairs) {
        double body = tokens * work().body() + work().attention(pairs);
        double head = completions * work().head();
        double flops = PASSES * (body + head);
        if (config.trainer().lora().on()) flops -= head; // it is frozen
        if (config.trainer().keep() == Keep.BLOCKS) flops += body;
        if (config.trainer().loss().klCoef() > 0) flops += body + head;
        return flops;
    }

    /** Numbers that are trained, each with a gradient. */
    private long trained() {
        return config.trainer().lora().on()
                ? new AdapterLayout(shape, config.trainer().lora()).length()
                : shape.parameters();
    }

    /** FLOP of decoding one token. */
    public double tokenFlops() {
        return work().body() + work().head() + work().attention(seen());
    }

    /** FLOP of decoding a step's completions, of all generators together. */
    public double decodingFlops() {
        return sampledTokens() * tokenFlops();
    }

    /** Positions that a token of a completion sees in the mean. */
    public double seen() {
        return prompt() + lengths().before();
    }

    /** FLOP of a prompt, which is computed once for its group. */
    public double promptFlops() {
        return prompt() * (work().body() + work().attention(prompt() / 2));
    }

    private double prefillFlops() {
        return config.groupsPerBatch() / plan().signalShare() * promptFlops();
    }

    /** Sequences that a generator decodes at a time. */
    public double live() {
        double each = (double) inFlight / config.cluster().generators().most();
        return Math.max(1, Math.min(config.rollout().slots(), each));
    }

    /** Token steps of a generator; where a batch waits for its last completion, also those in which few are left. */
    public double tokenSteps() {
        double together = config.cluster().generators().most() * live();
        if (!inTurn()) return sampledTokens() / together;
        double steps = 0;
        double wanted = config.trainer().batchSize();
        while (wanted >= config.rollout().groupSize()) { // then those that replace groups without a signal
            steps += Math.max(1, wanted / together) * completion();
            steps += lengths().longestOf(Math.round(wanted)) - completion();
            wanted *= 1 - plan().signalShare();
        }
        return steps;
    }

    private boolean inTurn() {
        return config.cluster().maxLag() == 0;
    }

    /** Bytes that the optimizer of a rank reads and writes in a step. */
    public double optimizerBytes() {
        int sharers = config.trainer().shard() == Shard.NONE ? 1 : trainers();
        return MOVED_BY_ADAMW
                * Float.BYTES
                * trained()
                / sharers
                * config.trainer().updatesPerStep();
    }

    private boolean full() {
        return trainers() > 1 && config.trainer().shard() == Shard.FULL;
    }

    private TrainingTime training() {
        double link = plan().rankBandwidth() > 0 ? plan().rankBandwidth() : plan().networkBandwidth();
        return new TrainingTime(
                mostFlops() / plan().flops(),
                over(optimizerBytes(), plan().memoryBandwidth()),
                over(bytes().rank().total(), link),
                full());
    }

    /** What ranks exchange in a step: those that divide all weights wait for each other in every pass. */
    private RankTraffic traffic() {
        int updates = config.trainer().updatesPerStep();
        RankTraffic update = RankTraffic.ofUpdate(trained(), config.trainer().shard(), trainers());
        if (!full()) return update.times(updates);
        Objective objective = Losses.of(config.correctedLoss());
        RankTraffic pass = RankTraffic.ofPass(shape, objective.needsWholeSequences() ? 2 : 1, trainers());
        RankTraffic forward = RankTraffic.ofForward(shape, trainers());
        if (objective.needsReference()) pass = pass.and(forward);
        if (objective.needsProximal() && updates > 1) pass = pass.and(forward);
        int most =
                minibatch().stream().mapToInt(Packing.Cut::microbatches).max().orElseThrow();
        return pass.times((long) updates * most);
    }

    private GenerationTime generation() {
        int generators = config.cluster().generators().most();
        double decode = plan().decodeFlops() > 0 ? plan().decodeFlops() : plan().flops();
        Dtype dtype = config.rollout().dtype();
        int size = dtype == Dtype.BFLOAT16 ? Short.BYTES : Float.BYTES; // of keys and values
        int weight = dtype == Dtype.INT8 ? Byte.BYTES : size;
        double cache = (double) shape.cacheBytes(1) / Float.BYTES * size * seen();
        double read = tokenSteps() * work().read(Math.round(live()), weight) + sampledTokens() / generators * cache;
        return new GenerationTime(
                decodingFlops() / generators / decode,
                over(read, plan().memoryBandwidth()),
                tokenSteps() * plan().launchSeconds(),
                prefillFlops() / generators / plan().flops());
    }

    private static double over(double bytes, double bandwidth) {
        return bandwidth > 0 ? bytes / bandwidth : 0;
    }

    /** What travels. */
    public StepBytes bytes() {
        return new StepBytes(
                theta() * config.cluster().generators().most(),
                COMPLETION_BYTES * trainedTokens(),
                RankBytes.of(traffic(), trainers()),
                trainers());
    }

    private double theta() {
        return (double) Float.BYTES * shape.parameters();
    }

    /** Trainer ranks send their ranges at once, adapters come from the first; a generator takes all of it. */
    private double sending() {
        int senders = config.trainer().lora().on() ? 1 : trainers();
        return over(Math.max(theta(), bytes().weights() / senders), plan().networkBandwidth());
    }

    /** Whether the rates for times are given. */
    public boolean isTimed() {
        return plan().flops() > 0;
    }

    /** How long it takes; needs {@link #isTimed}. */
    public StepTime time() {
        return new StepTime(training(), generation(), sending(), inTurn());
    }
}
