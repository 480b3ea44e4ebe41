/**
 * What a completion is worth (paper section 2.2). Comes in: a {@link io.tramontane.data.Problem} and the texts of one
 * group. Goes out: one {@link io.tramontane.data.RewardBreakdown} for each, with the verdict and the reason. Read {@link
 * io.tramontane.rewards.Verifiers} first; the rules and every decision are in docs/rewards.md.
 */
package io.tramontane.rewards;
