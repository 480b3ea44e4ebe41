package io.tramontane.app.cli;

import io.tramontane.app.plan.Amount;
import io.tramontane.app.plan.StepPlan;
import io.tramontane.cluster.ProcessMemory;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Activations;
import io.tramontane.model.AdapterLayout;
import io.tramontane.model.PackedSequences.Size;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.Generator;
import io.tramontane.trainer.Packing;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.TrainerMemory;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a training run will need, worked out from its config before anything starts. Sizes that cannot work are refused here.
 *
 * @param config what the user asked for
 * @param policy the shape of the model
 */
record Plan(Config config, PolicyConfig policy) {
    private static final double MEGABYTE = 1e6;

    /** Of memory, for the activations of a microbatch whose size nobody has stated. */
    private static final double ACTIVATIONS = 0.25;

    private static final int MOST_MICROBATCH_TOKENS = 16384;

    /** Refuses impossible sizes, and chooses {@code trainer.microbatchTokens} where the config leaves it open. */
    Plan {
        if (config.trainer().microbatchTokens() == 0) config = withMicrobatches(config, policy);
        config.stages().values().forEach(stage -> checkSizes(stage, policy));
    }

    private static void checkSizes(Config config, PolicyConfig policy) {
        int longest = config.rollout().maxPromptTokens() + config.rollout().maxTokens();
        String sum = "rollout.maxPromptTokens " + config.rollout().maxPromptTokens() + " and rollout.maxTokens "
                + config.rollout().maxTokens() + " make sequences of " + longest + " tokens, ";
        if (longest > policy.positions())
            throw new BadInputException(sum + "the model has " + policy.positions() + " positions");
        if (config.trainer().microbatchTokens() < longest)
            throw new BadInputException(
                    sum + "trainer.microbatchTokens holds " + config.trainer().microbatchTokens());
        if (config.trainer().lora().on())
            new AdapterLayout(policy, config.trainer().lora()); // refuses what the model lacks
    }

    /**
     * Refuses a run whose weights, activations (an estimate) and KV caches exceed the memory of the one machine that it runs
     * on.
     *
     * @param memory of the machine, in bytes
     */
    void check(long memory) {
        int generators = config.cluster().generators().most();
        CachePlan cache = cache();
        if (bytes() <= memory) return;
        long fixed = bytes() - generators * cache.totalBytes();
        int slots = cache.within((memory - fixed) / generators).slots();
        String sum = String.format(
                Locale.ROOT,
                "%s of %s for weights, gradients, moments and activations (trainer.microbatchTokens %d: about %s)"
                        + ", this machine has %s",
                config.model(),
                megabytes(fixed),
                config.trainer().microbatchTokens(),
                megabytes(activations()),
                megabytes(memory));
        if (slots == 0)
            throw new BadInputException(
                    "model " + sum + ": no room for a KV cache" + new PlanFit(this, Plan::bytes, memory).text());
        throw new BadInputException("rollout.slots " + cache.slots() + ": " + cache.text()
                + (generators > 1 ? " x " + generators + " generators" : "") + " beside model " + sum
                + ", allowed rollout.slots <= " + slots);
    }

    /** Refuses a run for which this machine is too small. */
    void checkThisMachine() {
        Memory machine = Memory.ofThisMachine();
        check(machine.total());
        machine.check(policy, config.rolloutOfAllStages());
    }

    /** The KV cache of a generator, which is laid out once for the longest completions of all stages. */
    private CachePlan cache() {
        return CachePlan.of(policy, config.rolloutOfAllStages());
    }

    /** The same run with each stage's numbers from its first step to its last. */
    NavigableMap<Integer, Plan> stages() {
        NavigableMap<Integer, Plan> plans = new TreeMap<>();
        config.stages().forEach((step, stage) -> plans.put(step, new Plan(stage, policy)));
        return plans;
    }

    /**
     * Bytes of activations of the fullest microbatch of any stage, one for each thread, if all prompts and completions are as
     * long as allowed: an estimate.
     */
    long activations() {
        return config.trainerThreads()
                * stages().values().stream()
                        .mapToLong(Plan::activationsOfStage)
                        .max()
                        .orElseThrow();
    }

    private long activationsOfStage() {
        int prompt = config.rollout().maxPromptTokens();
        int completion = config.rollout().maxTokens();
        Size size = Size.ofPrompt(prompt).withCompletion(prompt, completion);
        for (int i = 1; i < config.trainer().minibatchSize(); i++) {
            Size next = i % config.rollout().groupSize() == 0 ? size.and(Size.ofPrompt(prompt)) : size;
            next = next.withCompletion(prompt, completion);
            if (next.tokens() > config.trainer().microbatchTokens()) break;
            size = next;
        }
        TrainerConfig trainer = config.trainer();
        return Activations.of(policy, size, trainer.keep(), trainer.dtype()).bytes();
    }

    private TrainerMemory trainer() {
        return TrainerMemory.of(
                policy,
                config.trainer().withThreads(config.trainerThreads()),
                config.cluster().trainers());
    }

    /** The same with other values: {@code path=value}. */
    Plan with(List<String> sets) {
        return new Plan(ConfigReader.read(config, Optional.empty(), sets), policy);
    }

    /** Larger microbatches repeat fewer prompts, up to a share of plan.memory, or of this machine that all ranks share. */
    private static Config withMicrobatches(Config config, PolicyConfig policy) {
        double memory = config.plan().memory() > 0
                ? config.plan().memory()
                : (double) ProcessMemory.here().total() / config.cluster().trainers();
        int most = Math.max(MOST_MICROBATCH_TOKENS, longest(config));
        Plan largest = new Plan(sized(config, most), policy);
        return sized(config, new PlanFit(largest, Plan::activations, ACTIVATIONS * memory).mostTokens(List.of()));
    }

    private static Config sized(Config config, int microbatchTokens) {
        return ConfigReader.read(config, Optional.empty(), List.of("trainer.microbatchTokens=" + microbatchTokens));
    }

    /** Tokens of the longest sequence of any stage: the smallest trainer.microbatchTokens. */
    int longest() {
        return longest(config);
    }

    private static int longest(Config config) {
        return config.stages().values().stream()
                .mapToInt(stage ->
                        stage.rollout().maxPromptTokens() + stage.rollout().maxTokens())
                .max()
                .orElseThrow();
    }

    /** Sequences for which all generators have room. */
    long slots() {
        return (long) config.rollout().slots() * config.cluster().generators().most();
    }

    /** Completions in flight in all generators, n_async: limited by the slots and by the leases. */
    long inFlight() {
        return Math.min(
                slots(), (1L + config.cluster().maxLag()) * config.trainer().batchSize());
    }

    /** n_async / n_batch. */
    double asyncShare() {
        return (double) inFlight() / config.trainer().batchSize();
    }

    /** How the fullest batch is cut, if all prompts and completions are as long as allowed. */
    Packing.Cut cut() {
        int updates = config.trainer().updatesPerStep();
        Packing.Cut one = Packing.cut(
                config.groupsPerBatch() / updates,
                config.rollout().groupSize(),
                config.rollout().maxPromptTokens(),
                config.rollout().maxTokens(),
                config.trainer().microbatchTokens());
        return one.times(updates);
    }

    /** Bytes that a trainer rank holds, activations included (an estimate). */
    long trainerBytes() {
        return trainer().bytes() + activations();
    }

    /** Bytes that a generator holds. */
    long generatorBytes() {
        return Generator.weightBytes(policy, config.rollout()) + cache().totalBytes();
    }

    /** Bytes that all trainer ranks and generators hold together. */
    long bytes() {
        return trainerBytes() * config.cluster().trainers()
                + generatorBytes() * config.cluster().generators().most();
    }

    /** Slots of a generator that fit into so much memory beside its weights. */
    int slotsWithin(double memory) {
        long room = (long) (memory - Generator.weightBytes(policy, config.rollout()));
        return room <= 0 ? 0 : cache().within(room).slots();
    }

    /** What a step computes and moves, and how long it takes at the rates of {@code plan}. */
    StepPlan step() {
        return new StepPlan(config, policy, inFlight());
    }

    /** The time that programs may take, if one verifier runs on this machine. */
    ProgramPlan programs() {
        return new ProgramPlan(config, Runtime.getRuntime().availableProcessors());
    }

    /** Token arithmetic and memory, as lines of text. */
    String text() {
        int batch = config.trainer().batchSize();
        long completionTokens = (long) batch * config.rollout().maxTokens();
        Packing.Cut cut = cut();
        CachePlan cache = cache();
        long decoding = Generator.weightBytes(policy, config.rollout());
        StringBuilder text = new StringBuilder();
        line(
                text,
                "tokens per batch, at the longest",
                String.format(
                        Locale.ROOT,
                        "%,d of completions (%d x %d), %,d with prompts, in %d microbatches",
                        completionTokens,
                        batch,
                        config.rollout().maxTokens(),
                        cut.tokens(),
                        cut.microbatches()));
        line(
                text,
                "a batch",
                String.format(
                        Locale.ROOT,
                        "%d groups of %d, %d optimizer steps; %,d in %,d batches",
                        config.groupsPerBatch(),
                        config.rollout().groupSize(),
                        config.trainer().updatesPerStep(),
                        config.updates(),
                        config.trainer().steps()));
        line(text, "loss", config.correctedLoss().described());
        line(
                text,
                "in flight",
                String.format(
                        Locale.ROOT,
                        "%d completions in %d groups (%d generators x %d slots)",
                        inFlight(),
                        ceilDivide(inFlight(), config.rollout().groupSize()),
                        config.cluster().generators().most(),
                        config.rollout().slots()));
        line(
                text,
                "n_async / n_batch",
                String.format(
                        Locale.ROOT,
                        "%.2f, %s",
                        asyncShare(),
                        PlanWarnings.samplesTooOld(this) ? "MORE THAN 2: samples get old" : "at most 2: good"));
        config.changes()
                .forEach((from, change) -> line(
                        text,
                        "from step " + from,
                        change + ": " + stages().get(from).batchText()));
        config.rewardsOfAllStages()
                .lengthStages()
                .forEach((from, stage) -> line(
                        text,
                        "length penalty from step " + from,
                        String.format(
                                Locale.ROOT,
                                "0 up to %,d tokens, %s from %,d on",
                                stage.maxLength() - stage.lengthCache(),
                                -stage.weight(),
                                stage.maxLength())));
        ProgramPlan programs = programs();
        if (programs.applies()) line(text, "judging programs", programs.text());
        if (!programs.warning().isEmpty()) line(text, "CONTRADICTING LIMITS", programs.warning());
        line(
                text,
                "policy",
                String.format(Locale.ROOT, "%,d parameters, %d positions", policy.parameters(), policy.positions()));
        line(
                text,
                config.cluster().trainers() == 1 ? "memory of a trainer" : "memory of a trainer rank",
                trainerText() + " and about " + megabytes(activations())
                        + " of activations (estimate for the longest completions, trainer.keep "
                        + config.trainer().keep() + ")");
        line(
                text,
                "memory of a generator",
                megabytes(decoding + cache.totalBytes()) + " (weights " + megabytes(decoding) + ", " + cache.text()
                        + ")" + (config.evaluation().problems() == 0 ? "" : ", as much again while it evaluates"));
        RankLines.of(this).forEach((name, value) -> line(text, name, value));
        PlanWarnings.of(this).forEach(warning -> line(text, "WARNING", warning));
        return text.toString();
    }

    private String trainerText() {
        TrainerMemory memory = trainer();
        return Memory.megabytes(memory.bytes()) + " ("
                + memory.parts().entrySet().stream()
                        .map(part -> part.getKey() + " " + Amount.bytes(part.getValue()))
                        .collect(Collectors.joining(", "))
                + (memory.adapters() == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d numbers in adapters", memory.adapters()))
                + ")";
    }

    private String batchText() {
        return String.format(
                Locale.ROOT,
                "%,d x %,d tokens of completions, %d groups of %d, %d optimizer steps a batch",
                config.trainer().batchSize(),
                config.rollout().maxTokens(),
                config.groupsPerBatch(),
                config.rollout().groupSize(),
                config.trainer().updatesPerStep());
    }

    private static long ceilDivide(long total, long part) {
        return (total + part - 1) / part;
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "# %-33s %s%n", name, value));
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / MEGABYTE);
    }
}
