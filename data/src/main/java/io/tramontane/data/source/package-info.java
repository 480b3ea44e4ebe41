/**
 * Where problems come from: files of our form, public data sets as they are published, the gym. Comes in: a config. Goes out:
 * a {@link io.tramontane.data.ProblemSource}. Read {@link io.tramontane.data.source.ProblemSources} first.
 */
package io.tramontane.data.source;
