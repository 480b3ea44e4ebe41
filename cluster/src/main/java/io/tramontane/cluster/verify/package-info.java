/**
 * Whether a run folder is what was written: checkpoints, recorded batches, the ledger. Read
 * {@link io.tramontane.cluster.verify.SoundCheckpoints} first, which finds where training goes on, then
 * {@link io.tramontane.cluster.verify.RunCheck}, which checks a whole folder.
 */
package io.tramontane.cluster.verify;
