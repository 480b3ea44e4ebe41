/**
 * Learning: advantages, packing, the objective, the optimizer, checkpoints, supervised cold start. Comes in: {@link
 * io.tramontane.data.Batch}. Goes out: new policy versions. Read {@link io.tramontane.trainer.Trainer} first; the loss
 * itself is in {@code trainer.loss}, its gradient in {@link io.tramontane.trainer.MinibatchGradient}.
 */
package io.tramontane.trainer;
