/**
 * The records that travel between the rooms, their file forms (JSONL, Arrow), the tokenizer and chat template, and the
 * sources of problems: files and the endless gym. Comes in: files, seeds. Goes out: {@link io.tramontane.data.Problem},
 * {@link io.tramontane.data.Group}, {@link io.tramontane.data.Batch}. Read {@link io.tramontane.data.Problem} first.
 */
package io.tramontane.data;
