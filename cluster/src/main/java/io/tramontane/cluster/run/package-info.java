/** The folder of a run: where its files lie, who may write them, and the samples that are kept. Read {@link io.tramontane.cluster.run.RunFolder} first. */
package io.tramontane.cluster.run;
