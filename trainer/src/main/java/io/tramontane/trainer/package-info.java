/**
 * Learning: advantages, packing, the objective, the optimizer, checkpoints, supervised cold start. Comes in: {@link
 * io.tramontane.data.Batch}. Goes out: new policy versions. Read {@link io.tramontane.trainer.Trainer} first; the loss
 * itself is {@code policy_gradient} in the policy program.
 */
package io.tramontane.trainer;
