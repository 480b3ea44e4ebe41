/** Benchmarks of model, rewards and scoring on this machine: one line per figure, and JSON. Read {@link
 * io.tramontane.app.bench.RewardsBench} first. */
package io.tramontane.app.bench;
