/**
 * Experiments: a YAML file names a base recipe and arms that differ from it; every arm is trained with every seed, each in a
 * process of its own, and rules compare what came out with what a paper found. {@link io.tramontane.app.experiment.Experiment}
 * is the file, {@link io.tramontane.app.experiment.ExperimentRun} runs it, {@link io.tramontane.app.experiment.ExperimentResult}
 * holds the numbers and {@link io.tramontane.app.experiment.ExperimentPage} shows them.
 */
package io.tramontane.app.experiment;
