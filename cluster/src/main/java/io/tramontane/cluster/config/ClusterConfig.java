package io.tramontane.cluster.config;

import java.io.Serializable;

/**
 * How many of each role, and how far they may run apart.
 *
 * @param generators generator tasks; 1..8 needs one, and up to eight take part while there is room
 * @param verifiers verifier tasks; a range as with generators
 * @param trainers trainer ranks (a barrier stage), which share every batch
 * @param threads compute threads of one generator or trainer task
 * @param maxLag most policy versions between sampling a token and training on it; 0 is synchronous
 * @param leaseSeconds a generator that has not reported a group, with its heartbeat each second, for this long loses it; below
 *     stallSeconds
 * @param stallSeconds no progress for this long ends the run with an error; ten times as long while a generator or trainer computes
 * @param rankSeconds a trainer rank that does not take part in an exchange between ranks for this long ends the stage, which starts
 *     again from the last checkpoint
 * @param maxMismatchKl generator and trainer may differ by this much on the canary sequence; more ends the run
 * @param maxUnscoredGroups so many groups in a row that cannot be scored, for example because a reward of one's own throws,
 *     end the run
 * @param maxGroupsWithoutSignal so many groups in a row without signal end the run: all their completions got one reward, or
 *     they could not be scored
 * @param device where trainers and generators compute: gpu, each task on a GPU of its own that Spark gives it; cpu; auto, on GPUs where Spark
 *     gives executors some (with a local master: where PyTorch finds one), else on the CPU
 * @param sparkUi serves Spark's own page while the run goes (port 4040, or spark.ui.port); with a local master only the address that the
 *     run prints shows it, on other clusters whoever reaches the port can read it
 * @param requireAuthentication refuses a cluster whose Spark has no spark.authenticate; with a local master it always has
 */
public record ClusterConfig(
        Count generators,
        Count verifiers,
        int trainers,
        int threads,
        int maxLag,
        double leaseSeconds,
        double stallSeconds,
        double rankSeconds,
        double maxMismatchKl,
        int maxUnscoredGroups,
        int maxGroupsWithoutSignal,
        DeviceChoice device,
        boolean sparkUi,
        boolean requireAuthentication)
        implements Serializable {
    /** One of each. */
    public static ClusterConfig defaults() {
        return new ClusterConfig(1, 1, 1, 1, 3, 120, 300, 1e-3);
    }

    /** With 32 groups in a row without scores, 4096 without signal, any device, and no page of Spark's. */
    public ClusterConfig(
            int generators,
            int verifiers,
            int trainers,
            int threads,
            int maxLag,
            double leaseSeconds,
            double stallSeconds,
            double maxMismatchKl) {
        this(
                Count.of(generators),
                Count.of(verifiers),
                trainers,
                threads,
                maxLag,
                leaseSeconds,
                stallSeconds,
                60,
                maxMismatchKl,
                32,
                4096,
                DeviceChoice.AUTO,
                false,
                false);
    }

    /** Tasks that the run needs. */
    public int leastTasks() {
        return generators.least() + verifiers.least() + trainers;
    }

    /** Tasks that take part where there is room for all. */
    public int mostTasks() {
        return generators.most() + verifiers.most() + trainers;
    }

    /** Checks ranges. */
    public ClusterConfig {
        generators.check("cluster.generators");
        verifiers.check("cluster.verifiers");
        if (maxLag == 0 && generators.elastic())
            throw new IllegalArgumentException("cluster.generators " + generators + ", must be one number with"
                    + " cluster.maxLag 0: there it decides which groups are sampled together");
        if (trainers < 1) throw new IllegalArgumentException("cluster.trainers " + trainers + ", allowed >= 1");
        if (threads < 1) throw new IllegalArgumentException("cluster.threads " + threads + ", allowed >= 1");
        if (maxLag < 0) throw new IllegalArgumentException("cluster.maxLag " + maxLag + ", allowed >= 0");
        if (!(leaseSeconds > 0))
            throw new IllegalArgumentException("cluster.leaseSeconds " + leaseSeconds + ", allowed > 0");
        if (!(stallSeconds > 0))
            throw new IllegalArgumentException("cluster.stallSeconds " + stallSeconds + ", allowed > 0");
        if (!(rankSeconds > 0))
            throw new IllegalArgumentException("cluster.rankSeconds " + rankSeconds + ", allowed > 0");
        if (!(maxMismatchKl > 0))
            throw new IllegalArgumentException("cluster.maxMismatchKl " + maxMismatchKl + ", allowed > 0");
        if (maxUnscoredGroups < 1)
            throw new IllegalArgumentException("cluster.maxUnscoredGroups " + maxUnscoredGroups + ", allowed >= 1");
        if (maxGroupsWithoutSignal < 0)
            throw new IllegalArgumentException(
                    "cluster.maxGroupsWithoutSignal " + maxGroupsWithoutSignal + ", allowed >= 1, or 0 for no limit");
    }
}
