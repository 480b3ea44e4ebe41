/**
 * A run that is trained again from its recorded batches. In comes a run folder, which is only read; out go the numbers of every
 * step, and the first difference from what the ledger recorded. Read {@link io.tramontane.cluster.replay.Replay} first.
 */
package io.tramontane.cluster.replay;
