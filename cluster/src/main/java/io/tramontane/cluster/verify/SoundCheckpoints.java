package io.tramontane.cluster.verify;

import io.tramontane.cluster.ledger.RecordedSteps;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Finds the checkpoint that training goes on from: the newest one in which every file is what was saved. One that is not is
 * set aside, so that it is neither taken nor counted again, and the recorded batches after the older one are trained again.
 */
public final class SoundCheckpoints {
    private final RunFolder folder;
    private final RecordedSteps recorded;
    private final Consumer<String> tell;

    /**
     * For one start.
     *
     * @param recorded what the ledger recorded
     * @param tell a line for the user
     */
    public SoundCheckpoints(RunFolder folder, RecordedSteps recorded, Consumer<String> tell) {
        this.folder = folder;
        this.recorded = recorded;
        this.tell = tell;
    }

    /**
     * The newest; empty starts from the model, with the recorded batches from step 1. A batch that is needed but is not what
     * was trained on is bad input.
     */
    public OptionalInt newest() {
        CheckpointCheck check = new CheckpointCheck(folder, recorded);
        int damaged = 0;
        OptionalInt found = OptionalInt.empty();
        int[] steps = folder.checkpointSteps();
        for (int i = steps.length - 1; i >= 0 && found.isEmpty(); i--) {
            Optional<String> fault = check.fault(steps[i]);
            if (fault.isEmpty()) {
                found = OptionalInt.of(steps[i]);
            } else {
                damaged++;
                tell.accept(fault.get() + "; the checkpoint of step " + steps[i] + " is set aside as "
                        + setAside(steps[i]));
            }
        }
        BatchCheck.check(folder, recorded, found.orElse(0));
        if (found.isPresent() && check.hasNoManifest(found.getAsInt()))
            tell.accept("the checkpoint of step " + found.getAsInt()
                    + " is of an earlier version, without a manifest: only its weights are compared");
        if (damaged > 0) tell.accept(goesOn(found));
        return found;
    }

    private String goesOn(OptionalInt found) {
        String after = recorded.lastBatch() > found.orElse(0)
                ? ", training the recorded batches of steps " + (found.orElse(0) + 1) + " to " + recorded.lastBatch()
                        + " again"
                : "";
        return found.isPresent()
                ? "going on from the checkpoint of step " + found.getAsInt() + after
                : "no checkpoint is sound: starting from the model" + after;
    }

    private String setAside(int step) {
        try {
            return folder.setAside(step);
        } catch (IOException e) {
            throw new BadInputException(folder.checkpoint(step).name() + ": is damaged and cannot be renamed ("
                    + e.getMessage() + "); move it out of the folder");
        }
    }
}
