/**
 * The generator: fixed slots, continuous batching, a KV cache, weights swapped between decode steps. Comes in: prompts
 * ({@link io.tramontane.rollout.GroupRequest}) and weight snapshots. Goes out: finished groups with a log-probability and
 * a policy version per token. Read {@link io.tramontane.rollout.Generator} first.
 */
package io.tramontane.rollout;
