package io.tramontane.cluster.replay;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.ArrowBatchStore;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.LocalCopy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a run has recorded. Nothing is written, and no lock is taken: the run may go on meanwhile.
 *
 * @param folder of the run
 * @param config the run's own, or one that the user has changed
 * @param history what the ledger recorded
 * @param changed whether the user has changed the config
 */
public record RecordedRun(RunFolder folder, Config config, History history, boolean changed) {
    private static final String TRAINER = "trainer.";
    private static final List<String> AS_RECORDED = List.of("trainer.batchSize=", "trainer.lora.");

    /**
     * Reads a run.
     *
     * @param sets {@code trainer.loss.clipHigh=0.4}: what is trained otherwise than it was
     */
    public static RecordedRun of(RunFolder run, List<String> sets) {
        for (String set : sets)
            if (!set.startsWith(TRAINER) || AS_RECORDED.stream().anyMatch(set::startsWith))
                throw new BadInputException("--set " + set
                        + ": allowed are keys of trainer except batchSize and lora, since the batches and the checkpoint are"
                        + " those that the run recorded");
        RunFolder folder = RunFolder.existing(run);
        Config config;
        try (LocalCopy file = LocalCopy.of(folder.configYaml())) {
            config = ConfigReader.read(Config.defaults(), Optional.of(file.path()), sets);
        }
        return new RecordedRun(folder, config, History.read(RunState.eventsFile(folder)), !sets.isEmpty());
    }

    /** The batch of a step, which must be the one that the ledger recorded. */
    Batch batch(int step) {
        String digest = history.recorded().batches().get(step);
        if (digest == null)
            throw new BadInputException(folder.ledger().name() + ": the batch of step " + step + " is not recorded");
        if (!folder.batch(step).exists())
            throw new BadInputException(folder.batch(step).name() + ": is missing, the ledger recorded it");
        try {
            return ArrowBatchStore.read(folder, step, digest);
        } catch (IOException e) {
            throw new BadInputException(e.getMessage());
        }
    }

    /** The weights' digest after a step, as the ledger recorded it. */
    Optional<String> digest(int step) {
        return Optional.ofNullable(history.recorded().digest(step));
    }

    /** How messages call the state of a step. */
    String stateOf(int step) {
        return step == 0
                ? "the model " + config.model()
                : folder.checkpoint(step).name();
    }
}
