package io.tramontane.cluster.roles;

import io.tramontane.cluster.run.Sample;
import java.util.List;
import java.util.Map;

/** Receives the events of a training run. All calls come from one thread, in order; rows are those of metrics.jsonl. */
public interface RunListener {
    /** The run goes on after this step; rows up to it were reported by earlier processes. */
    default void resumed(int step) {}

    /** Seconds of training that earlier processes have reported. */
    default double trainSecondsBefore() {
        return 0;
    }

    /** The trainer failed and goes on from a checkpoint; {@code step} is the last one that was reported. */
    default void restarted(int step, String line) {
        message(line);
    }

    /** Another stage of the schedule begins with this step. */
    default void stage(int step, String line) {
        message(line);
    }

    /** An evaluation of a step has {@code done} of {@code total} problems back. */
    default void evaluating(int step, int done, int total) {}

    /** The result of each problem of an evaluation, before its row. */
    default void problems(int step, List<Map<String, Object>> rows) {}

    /** One whole group of a step, token by token. */
    default void group(int step, Map<String, Object> row) {}

    /** What the run is doing while no step shows it. */
    default void phase(String what) {}

    /** A line that the user must see, such as a warning. */
    default void message(String line) {}

    /** After each step, kind "train". */
    default void train(Map<String, Object> row) {}

    /** After each evaluation, kind "eval". */
    default void eval(Map<String, Object> row) {}

    /** Completions worth reading. */
    default void samples(List<Sample> some) {}

    /** When the run is over, kind "end". */
    default void end(Map<String, Object> row) {}
}
