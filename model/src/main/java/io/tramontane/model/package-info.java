/**
 * The policy: its TorchScript program ({@code policy.py}), the flat weights, checkpoints in Hugging Face form. Comes in:
 * a checkpoint folder or a {@link io.tramontane.model.WeightSnapshot}. Goes out: log-probabilities, gradients, new
 * snapshots. Read {@code src/main/resources/policy/policy.py} first, then {@link io.tramontane.model.Policy}.
 */
package io.tramontane.model;
