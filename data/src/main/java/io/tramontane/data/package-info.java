/**
 * The records that travel between the rooms, their file forms (JSONL, Arrow), and the sources of problems: files and
 * the endless gym. Comes in: files, seeds. Goes out: {@link io.tramontane.data.Problem},
 * {@link io.tramontane.data.Group}, {@link io.tramontane.data.Batch}. Read {@link io.tramontane.data.Problem} first, then
 * {@link io.tramontane.data.source.ProblemSources}. Files are in {@link io.tramontane.data.ProblemFiles} and
 * {@link io.tramontane.data.CompletionFiles}, foreign data sets in {@link io.tramontane.data.source.DataSets}, the form on the
 * wire and on disk in {@link io.tramontane.data.GroupArrow} and {@link io.tramontane.data.BatchArrow}.
 */
package io.tramontane.data;
