package io.tramontane.cluster;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.roles.TaskRegistry;
import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.Shard;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.TrainerMemory;
import io.tramontane.trainer.loss.Losses;
import io.tramontane.trainer.loss.ReferenceRule;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the process of a role's task takes. A task compares it with its own process before it starts: the driver's is another
 * one.
 *
 * @param heap bytes of Java heap, at most: groups and batches in which all completions have the longest length
 * @param direct bytes of direct memory, at most: copies of the weights, and buffers of the network and of files
 * @param computing bytes that PyTorch takes on the CPU, at least: without activations
 */
record RoleMemory(long heap, long direct, long computing) {
    /** Of Netty, Arrow and files. */
    private static final long BUFFERS = 256L << 20;

    private static final long MEGABYTE = 1 << 20;

    /** Of Spark, Flight, the tokenizer, and PyTorch's copies of pieces of vectors. */
    private static final long PROGRAMS = 256L << 20;

    /**
     * Of Java heap for a token of a group: token, log-probability, version and text as objects, the same once more as bytes on
     * their way, and what a pass or a slot notes of it.
     */
    private static final long TOKEN = 64;

    private static final long GROUPS_AT_A_VERIFIER = 8;

    /**
     * Of a task.
     *
     * @param gpu whether it computes on one: then the CPU's memory has copies of the weights alone
     */
    static RoleMemory of(String role, Config config, PolicyConfig policy, boolean gpu) {
        RoleMemory memory = role.equals(TaskRegistry.TRAINER)
                ? trainer(config, policy)
                : role.equals(TaskRegistry.GENERATOR) ? generator(config, policy) : verifier(config);
        return gpu ? new RoleMemory(memory.heap, memory.direct, 0) : memory;
    }

    /** The largest of any role: executors are all started with the same options. */
    static RoleMemory most(Config config, PolicyConfig policy) {
        return Stream.of(TaskRegistry.TRAINER, TaskRegistry.GENERATOR, TaskRegistry.VERIFIER)
                .map(role -> of(role, config, policy, false))
                .reduce((one, other) -> new RoleMemory(
                        Math.max(one.heap, other.heap),
                        Math.max(one.direct, other.direct),
                        Math.max(one.computing, other.computing)))
                .orElseThrow();
    }

    private static RoleMemory verifier(Config config) {
        return new RoleMemory(heap(GROUPS_AT_A_VERIFIER * group(config.rolloutOfAllStages())), BUFFERS, 0);
    }

    private static long heap(long tokens) {
        return PROGRAMS + TOKEN * tokens;
    }

    private static long group(RolloutConfig rollout) {
        return rollout.maxPromptTokens() + (long) rollout.groupSize() * rollout.maxTokens();
    }

    private static long batch(Config stage) {
        return stage.groupsPerBatch() * group(stage.rollout());
    }

    private static boolean evaluates(Config config) {
        return config.evaluation().problems() > 0;
    }

    /** The weights in use and the next ones, and what is sampled; the same of the generator that evaluates. */
    private static RoleMemory generator(Config config, PolicyConfig policy) {
        long copies = evaluates(config) ? 4 : 2;
        RolloutConfig rollout = config.rolloutOfAllStages();
        long sampled = (long) rollout.slots() * (rollout.maxPromptTokens() + rollout.maxTokens()) + group(rollout);
        return new RoleMemory(
                heap(copies / 2 * sampled),
                copies * bytes(policy) + BUFFERS,
                Generator.weightBytes(policy, rollout)
                        + CachePlan.of(policy, rollout).totalBytes());
    }

    /**
     * While it trains: what it serves, also of a version that is evaluated, and one that a generator still fetches; what it serves
     * is saved, and moments are saved from where they lie. When it starts: the model, or pieces of a checkpoint.
     */
    private static RoleMemory trainer(Config config, PolicyConfig policy) {
        TrainerConfig trainer = config.trainer().withThreads(config.trainerThreads());
        int ranks = config.cluster().trainers();
        long all = bytes(policy);
        long part = (all + ranks - 1) / ranks;
        long weights = trainer.shard() == Shard.FULL ? part : all;
        long reference = Losses.of(trainer.loss()).needsReference() ? weights : 0;
        if (trainer.loss().reference() == ReferenceRule.EMA) reference *= 2; // the mean, and what it follows
        long serving = (evaluates(config) ? 2 : 1) * part + part;
        long batch = config.stages().values().stream()
                .mapToLong(RoleMemory::batch)
                .max()
                .orElseThrow();
        return new RoleMemory(
                heap(batch),
                Math.max(serving, weights) + reference + BUFFERS,
                TrainerMemory.of(policy, trainer, ranks).bytes());
    }

    private static long bytes(PolicyConfig policy) {
        return policy.parameters() * Float.BYTES;
    }

    /** In megabytes, rounded up. */
    static long megabytes(long bytes) {
        return (bytes + MEGABYTE - 1) / MEGABYTE;
    }

    /**
     * Refuses a process that is too small.
     *
     * @param task that would run in it
     * @param enough memory for every role
     */
    void check(String task, ProcessMemory process, RoleMemory enough) {
        if (heap > process.heap())
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: its process has a Java heap of %,d MB and needs up to %,d MB for groups and batches of the longest"
                            + " completions, set spark.executor.memory=%dm (of local-cluster[...] the third number), or lower"
                            + " trainer.batchSize, rollout.slots or rollout.maxTokens",
                    task,
                    process.heap() / MEGABYTE,
                    megabytes(heap),
                    megabytes(enough.heap + enough.heap / 20))); // a JVM counts a part of -Xmx not as heap
        if (direct > process.direct())
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: its process may take %,d MB of direct memory and needs up to %,d MB for copies of the weights, set"
                            + " -XX:MaxDirectMemorySize=%dm in spark.executor.extraJavaOptions",
                    task,
                    process.direct() / MEGABYTE,
                    megabytes(direct),
                    megabytes(enough.direct)));
        if (computing > process.total())
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: its process has %,d MB of memory and needs at least %,d MB outside the Java heap, set"
                            + " spark.executor.memoryOverhead=%dm where a container limits it (YARN, Kubernetes), or take machines"
                            + " with more memory",
                    task,
                    process.total() / MEGABYTE,
                    megabytes(computing),
                    megabytes(computing + direct)));
    }
}
