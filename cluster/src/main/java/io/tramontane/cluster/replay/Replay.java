package io.tramontane.cluster.replay;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.Ranks;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Trains the recorded batches of a run again: from a checkpoint, or from the model, with as many ranks as the run had, as
 * threads of this process. After every step the digest of the weights must be the one in the ledger, and where the run has a
 * checkpoint, its moments and counters must be the trainer's. The first difference is a {@link ReplayDifference}; a batch or
 * checkpoint that is not what the ledger recorded is a {@link BadInputException}.
 *
 * <p>With a changed config it is a what-if: another loss or optimizer trains the same batches. Its weights are meant to differ, and
 * nothing is compared.
 */
public final class Replay {
    private final RecordedRun run;
    private final ReplayRange range;
    private final RoleFactory roles;
    private final PolicyConfig policy;
    private final Listener listener;

    /** Hears of every step. */
    public interface Listener {
        /** A step was made, in so many seconds, and compared if anything is. */
        void stepped(StepReport report, double seconds);

        /** The last step was made; called by every rank. */
        default void ended(BatchTrainer trainer) {}
    }

    /**
     * Of some steps of a run.
     *
     * @param roles builds trainers with the run's config
     * @param policy its shape
     */
    public Replay(RecordedRun run, ReplayRange range, RoleFactory roles, PolicyConfig policy, Listener listener) {
        this.run = run;
        this.range = range;
        this.roles = roles;
        this.policy = policy;
        this.listener = listener;
    }

    /** Trains all steps. */
    public void run() {
        byte[] secret = Secret.create().value().getBytes(StandardCharsets.UTF_8);
        RankThreads.run(cluster().trainers(), rank -> ranks(rank, secret), this::train);
    }

    private ClusterConfig cluster() {
        return run.config().cluster();
    }

    private Ranks ranks(int rank, byte[] secret) {
        return new Ranks(
                rank,
                cluster().trainers(),
                "127.0.0.1",
                secret,
                Duration.ofMillis((long) (cluster().rankSeconds() * 1000)),
                Ranks.room(policy.parameters()),
                device(cluster(), rank).gpuIndex());
    }

    /** Where a rank computes: as in a run in one process, whose trainers come first. */
    public static ComputeDevice device(ClusterConfig cluster, int rank) {
        int gpus = cluster.device() == DeviceChoice.CPU ? 0 : ComputeDevice.count();
        return gpus == 0 ? ComputeDevice.CPU : ComputeDevice.gpu(rank % gpus);
    }

    private void train(Collectives ranks) {
        ComputeThread.prepare(cluster().threads());
        String checkpoint = range.start() == 0
                ? null
                : run.folder().checkpoint(range.start()).name();
        RoleFactory here = roles.on(device(cluster(), ranks.rank()));
        try (BatchTrainer trainer = here.trainer(checkpoint, ranks)) {
            checkStart(trainer);
            for (int step = range.start() + 1; step <= range.to(); step++) {
                Batch batch = run.batch(step);
                long began = System.nanoTime();
                trainer.use(run.config().at(step).trainerOfRun());
                StepReport report = trainer.step(batch);
                if (!run.changed()) compare(trainer);
                if (ranks.isFirst()) listener.stepped(report, (System.nanoTime() - began) / 1e9);
            }
            listener.ended(trainer);
            ranks.barrier(); // a rank that closes ends what the others exchange
        }
    }

    private void checkStart(BatchTrainer trainer) {
        String found = trainer.digest();
        Optional<String> recorded = run.digest(range.start());
        if (trainer.version() != range.start())
            throw new BadInputException(run.stateOf(range.start()) + ": holds the state of step " + trainer.version());
        if (recorded.isPresent() && !recorded.get().equals(found))
            throw new BadInputException(run.stateOf(range.start()) + ": the weights' digest is " + found
                    + ", the ledger recorded " + recorded.get());
    }

    private void compare(BatchTrainer trainer) {
        int step = trainer.version();
        String found = trainer.digest();
        String recorded = run.digest(step)
                .orElseThrow(() -> new BadInputException(
                        run.folder().ledger().name() + ": the weights' digest of step " + step + " is not recorded"));
        if (!recorded.equals(found))
            throw difference(step, "the weights' digest is " + found + ", the ledger recorded " + recorded);
        if (Arrays.stream(run.folder().checkpointSteps()).anyMatch(saved -> saved == step))
            trainer.differenceFrom(run.folder().checkpoint(step)).ifPresent(what -> {
                throw difference(step, run.stateOf(step) + ": " + what);
            });
    }

    private ReplayDifference difference(int step, String what) {
        String before =
                step == range.start() + 1 ? "" : "; steps " + (range.start() + 1) + " to " + (step - 1) + " are equal";
        return new ReplayDifference(
                step, "step " + step + ": " + what + "; replayed from " + run.stateOf(range.start()) + before);
    }
}
