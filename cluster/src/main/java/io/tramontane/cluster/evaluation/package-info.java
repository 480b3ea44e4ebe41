/**
 * Statistics of an evaluation: pass@1, pass@k, maj@k, each with an interval over problems. Comes in: problems with their scored
 * completions. Goes out: estimates. Read {@link io.tramontane.cluster.evaluation.Evaluation} first.
 */
package io.tramontane.cluster.evaluation;
