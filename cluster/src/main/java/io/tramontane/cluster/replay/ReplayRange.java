package io.tramontane.cluster.replay;

import io.tramontane.data.BadInputException;
import java.util.Arrays;

/**
 * Which steps are trained again.
 *
 * @param start the step whose checkpoint training starts from; 0 is the model itself
 * @param from the first step that was asked for; those between start and it are trained as well
 * @param to the last one
 */
public record ReplayRange(int start, int from, int to) {
    /**
     * Of a run.
     *
     * @param from null is the step after the oldest checkpoint before {@code to}, or 1
     * @param to null is the last step
     */
    public static ReplayRange of(RecordedRun run, Integer from, Integer to) {
        return of(run.folder().checkpointSteps(), run.history().lastStep(), from, to);
    }

    /** The same from the steps of the checkpoints that are kept, ascending, and the last step. */
    static ReplayRange of(int[] checkpoints, int lastStep, Integer from, Integer to) {
        if (lastStep == 0) throw new BadInputException("the ledger has no step: there is nothing to replay");
        int end = to != null ? to : lastStep;
        if (end < 1 || end > lastStep)
            throw new BadInputException("--to " + end + ", allowed 1 to " + lastStep + ", the last recorded step");
        int oldest = Arrays.stream(checkpoints).findFirst().orElse(0);
        int begin = from != null ? from : oldest < end ? oldest + 1 : 1;
        if (begin < 1 || begin > end)
            throw new BadInputException("--from " + begin + ", allowed 1 to " + end
                    + (to != null ? ", the value of --to" : ", the last recorded step"));
        int start =
                Arrays.stream(checkpoints).filter(step -> step < begin).max().orElse(0);
        return new ReplayRange(start, begin, end);
    }

    /** How many steps are trained. */
    public int steps() {
        return to - start;
    }
}
