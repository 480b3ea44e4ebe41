package io.tramontane.cluster;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.roles.TaskRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which tasks beyond the needed ones take part. There is always room left for every needed task, up or not: trainers must start
 * together, and would wait for ever for a place that another task keeps.
 */
final class Elastic {
    private final ClusterConfig config;
    private final Map<String, Integer> running = new HashMap<>();

    Elastic(ClusterConfig config) {
        this.config = config;
        running.put(TaskRegistry.GENERATOR, 0);
        running.put(TaskRegistry.VERIFIER, 0);
    }

    /** A task of a role joined. */
    synchronized void joined(String role) {
        running.merge(role, 1, Integer::sum);
    }

    /** A task of a role left. */
    synchronized void left(String role) {
        running.merge(role, -1, Integer::sum);
    }

    /** The role of which one more task may start; {@code slots} is the room for tasks, taken or not. */
    synchronized Optional<String> join(int slots) {
        if (slots <= config.leastTasks() + all()) return Optional.empty();
        boolean generators = hasMore(TaskRegistry.GENERATOR);
        if (!generators && !hasMore(TaskRegistry.VERIFIER)) return Optional.empty();
        boolean first = share(TaskRegistry.GENERATOR) <= share(TaskRegistry.VERIFIER);
        return Optional.of(
                generators && (first || !hasMore(TaskRegistry.VERIFIER))
                        ? TaskRegistry.GENERATOR
                        : TaskRegistry.VERIFIER);
    }

    /** The role of which a task must leave, since a needed one has no room. */
    synchronized Optional<String> leave(int slots) {
        if (all() == 0 || slots >= config.leastTasks() + all()) return Optional.empty();
        boolean generators = running.get(TaskRegistry.GENERATOR) > 0;
        boolean verifiers = running.get(TaskRegistry.VERIFIER) > 0;
        boolean first = share(TaskRegistry.GENERATOR) > share(TaskRegistry.VERIFIER);
        return Optional.of(generators && (first || !verifiers) ? TaskRegistry.GENERATOR : TaskRegistry.VERIFIER);
    }

    private int all() {
        return running.get(TaskRegistry.GENERATOR) + running.get(TaskRegistry.VERIFIER);
    }

    private boolean hasMore(String role) {
        return running.get(role) < count(role).most() - count(role).least();
    }

    /** Of the tasks that may take part. */
    private double share(String role) {
        return (double) (count(role).least() + running.get(role)) / count(role).most();
    }

    private Count count(String role) {
        return role.equals(TaskRegistry.GENERATOR) ? config.generators() : config.verifiers();
    }
}
