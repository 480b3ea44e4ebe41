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
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the process of a role's task takes outside its Java heap. A task compares it with its own process before it starts: the
 * driver's is another one.
 *
 * @param direct bytes of direct memory, at most: copies of the weights, and buffers of the network and of files
 * @param computing bytes that PyTorch takes on the CPU, at least: without activations
 */
record RoleMemory(long direct, long computing) {
    /** Of Netty, Arrow and files. */
    private static final long BUFFERS = 256L << 20;

    private static final long MEGABYTE = 1 << 20;

    /**
     * Of a task.
     *
     * @param gpu whether it computes on one: then the CPU's memory has copies of the weights alone
     */
    static RoleMemory of(String role, Config config, PolicyConfig policy, boolean gpu) {
        RoleMemory memory = role.equals(TaskRegistry.TRAINER)
                ? trainer(config, policy)
                : role.equals(TaskRegistry.GENERATOR) ? generator(config, policy) : new RoleMemory(BUFFERS, 0);
        return gpu ? new RoleMemory(memory.direct, 0) : memory;
    }

    /** The largest direct memory of any role: executors are all started with the same options. */
    static long mostDirect(Config config, PolicyConfig policy) {
        return Stream.of(TaskRegistry.TRAINER, TaskRegistry.GENERATOR)
                .mapToLong(role -> of(role, config, policy, false).direct)
                .max()
                .orElseThrow();
    }

    private static boolean evaluates(Config config) {
        return config.evaluation().problems() > 0;
    }

    /** The weights in use and the next ones; the same of the generator that evaluates. */
    private static RoleMemory generator(Config config, PolicyConfig policy) {
        long copies = evaluates(config) ? 4 : 2;
        RolloutConfig rollout = config.rolloutOfAllStages();
        return new RoleMemory(
                copies * bytes(policy) + BUFFERS,
                Generator.weightBytes(policy, rollout)
                        + CachePlan.of(policy, rollout).totalBytes());
    }

    /**
     * While it trains: what it serves, also of a version that is evaluated, and one that a generator still fetches; what it serves
     * is saved, and moments are saved from where they lie. When it starts: the model, or pieces of a checkpoint.
     */
    private static RoleMemory trainer(Config config, PolicyConfig policy) {
        TrainerConfig trainer = config.trainer();
        int ranks = config.cluster().trainers();
        long all = bytes(policy);
        long part = (all + ranks - 1) / ranks;
        long weights = trainer.shard() == Shard.FULL ? part : all;
        long reference = Losses.of(trainer.loss()).needsReference() ? weights : 0;
        long serving = (evaluates(config) ? 2 : 1) * part + part;
        return new RoleMemory(
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
     * @param enough direct memory for every role
     */
    void check(String task, ProcessMemory process, long enough) {
        if (direct > process.direct())
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: its process may take %,d MB of direct memory and needs up to %,d MB for copies of the weights, set"
                            + " -XX:MaxDirectMemorySize=%dm in spark.executor.extraJavaOptions",
                    task,
                    process.direct() / MEGABYTE,
                    megabytes(direct),
                    megabytes(enough)));
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
