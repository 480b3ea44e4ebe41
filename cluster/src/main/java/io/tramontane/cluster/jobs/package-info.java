/**
 * Jobs over files: completions in, scores out; problems in, curated problems out. The driver reads and writes, in parts; tasks
 * work, in Spark's executors or as threads of this process; what is finished survives a kill. Start with
 * {@link io.tramontane.cluster.jobs.ScoreRun}, then {@link io.tramontane.cluster.jobs.PartJob}.
 */
package io.tramontane.cluster.jobs;
