package io.tramontane.cluster.ledger;

/**
 * One group to sample: the problem at index {@code group} of the source.
 *
 * @param group number of the group, from 0
 * @param version no token of the group may be older than this policy version
 * @param step the first step that may train the group, as if training were synchronous: its numbers are those of the group
 */
public record Lease(long group, int version, int step) {}
