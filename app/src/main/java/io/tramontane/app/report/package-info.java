/**
 * The output of a run for its user. In: metric rows (plain maps) and samples, while the run makes them. Out: metrics.jsonl, TensorBoard
 * events, samples, the lines on the console, report.html. Uses files and the records of {@code data} only, not Spark,
 * Flight or the engine, so a page can be made from a run folder anywhere. Read {@link
 * io.tramontane.app.report.RunReport} first.
 */
package io.tramontane.app.report;
