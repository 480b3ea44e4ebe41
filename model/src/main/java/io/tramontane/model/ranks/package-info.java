/**
 * What trainer ranks exchange: sums and pieces of long vectors, and small messages. In: vectors of equal length on all ranks.
 * Out: the same numbers on all ranks, added in a fixed order. Read {@link io.tramontane.model.ranks.Collectives} first.
 */
package io.tramontane.model.ranks;
