package io.tramontane.app.bench;

import io.tramontane.app.plan.StepPlan;
import io.tramontane.data.Batch;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Numerics;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.FolderRendezvous;
import io.tramontane.model.ranks.Ranks;
import io.tramontane.trainer.Computation;
import io.tramontane.trainer.Trainer;
import io.tramontane.trainer.TrainerConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast trainer ranks exchange what steps of a recipe need: all of them train in this process, a thread each, and exchange
 * by shared memory. Counted are the seconds that a rank's exchanging thread was computing, so that waiting counts for nothing.
 *
 * @param plan of such a step, with all ranks
 * @param weights of the model
 * @param scored a batch
 */
record RankRate(StepPlan plan, WeightSnapshot weights, List<ScoredGroup> scored) {
    private static final int STEPS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Bytes a second that a rank sends. */
    double measure() {
        int count = plan.config().cluster().trainers();
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        ExecutorService threads = Executors.newFixedThreadPool(count, DaemonThreads.named("bench-rank"));
        try (TemporaryFolder temporary = TemporaryFolder.make()) {
            Path folder = temporary.path();
            List<Future<Double>> ranks = new ArrayList<>();
            for (int rank = 0; rank < count; rank++) {
                int own = rank;
                ranks.add(threads.submit(() -> seconds(own, count, secret, folder)));
            }
            double most = 0;
            for (Future<Double> rank : ranks) most = Math.max(most, rank.get());
            return plan.bytes().rank().total() / most;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Of a step, without the first one. */
    private double seconds(int rank, int count, byte[] secret, Path folder) {
        ComputeThread.prepare(plan.config().cluster().threads());
        long room = Ranks.room(plan.shape().parameters());
        Ranks meeting = new Ranks(rank, count, "127.0.0.1", secret, PATIENCE, room);
        TrainerConfig config = plan.config().trainer();
        double temperature = plan.config().rollout().temperature();
        try (Collectives ranks = meeting.meet(new FolderRendezvous(folder, rank, count, PATIENCE));
                Trainer trainer = Trainer.fresh(
                        weights, config, new Computation(temperature, Numerics.FAST, ComputeDevice.CPU, ranks), 1)) {
            trainer.step(new Batch(1, scored));
            long exchanging = exchanging(rank);
            double before = computed(exchanging);
            for (int step = 2; step < 2 + STEPS; step++) trainer.step(new Batch(step, scored));
            double seconds = (computed(exchanging) - before) / STEPS;
            ranks.barrier();
            return seconds;
        }
    }

    private static long exchanging(int rank) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("rank-" + rank + "-exchange"))
                .mapToLong(Thread::getId)
                .findFirst()
                .orElseThrow();
    }

    private static double computed(long thread) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) * 1e-9;
    }
}
