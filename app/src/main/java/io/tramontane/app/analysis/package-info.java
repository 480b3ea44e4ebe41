/**
 * What the checkpoints of a run look like in the space of their weights: principal components, and reward and length over the
 * plane of the first two (paper section 7.1). Comes in: vectors of weights, and evaluations of points of the plane. Goes out:
 * directions, fits, one JSON object. Read {@link io.tramontane.app.analysis.PrincipalComponents} first.
 */
package io.tramontane.app.analysis;
