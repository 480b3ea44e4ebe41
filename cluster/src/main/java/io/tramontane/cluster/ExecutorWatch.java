package io.tramontane.cluster;

import io.tramontane.cluster.roles.RunState;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** Reports at once that an executor is lost and whether all roles still have room: Spark waits without a message. */
final class ExecutorWatch extends SparkListener {
    private final RunState state;
    private final int needed;
    private final Map<String, Integer> cores = new HashMap<>();
    private boolean waiting;

    /**
     * Knows of no executor yet.
     *
     * @param needed cores that all roles take together
     */
    ExecutorWatch(RunState state, int needed) {
        this.state = state;
        this.needed = needed;
    }

    @Override
    public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
        cores.put(added.executorId(), added.executorInfo().totalCores());
        if (!waiting || total() < needed) return;
        waiting = false;
        state.message("executor " + added.executorId() + " on "
                + added.executorInfo().executorHost() + " is there: all roles have room again");
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        if (cores.remove(removed.executorId()) == null || state.stopping()) return;
        waiting = total() < needed;
        String reason = removed.reason() == null
                ? ""
                : removed.reason().lines().findFirst().orElse("");
        state.message("executor " + removed.executorId() + " was lost (" + reason + "): "
                + (waiting
                        ? "the others have " + total() + " cores, the roles need " + needed
                                + ": waiting for Spark to start another"
                        : "its tasks start again on the others"));
    }

    private int total() {
        return cores.values().stream().mapToInt(Integer::intValue).sum();
    }
}
