/**
 * What the user sees of a run. In: metric rows (plain maps) and samples, as the run goes. Out: metrics.jsonl, TensorBoard
 * events, samples, the lines on the console, report.html. Knows files and the records of the data room, nothing of Spark,
 * Flight or the engine, so a page can be made from a run folder anywhere. Read {@link
 * io.tramontane.app.report.RunReport} first.
 */
package io.tramontane.app.report;
