package io.tramontane.trainer.loss;

import java.util.Locale;

/** How rewards become advantages, one for every completion. r: rewards; mean and std: of the group, unless said otherwise. */
public enum AdvantageRule {
    /** That of the paper of the loss. */
    AUTO,
    /** r - mean, then minus the mean and over the deviation of all completions of the minibatch: Magistral, section 2.1. */
    MINIBATCH,
    /** r - mean: Dr. GRPO. */
    GROUP,
    /** (r - mean) / (std + 1e-6), std with n - 1 as published code takes it: GRPO (arXiv:2402.03300). */
    GROUP_STD,
    /** (r - mean) / std over all completions of the batch, whatever their group: REINFORCE++. */
    BATCH,
    /** r - mean of the others of the group: RLOO (arXiv:2402.14740). */
    LEAVE_ONE_OUT,
    /** (r - mean) / (mean + 1e-6), 0 where the mean is not positive: MaxRL (arXiv:2602.02710). */
    MAXRL,
    /** r. */
    NONE;

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
