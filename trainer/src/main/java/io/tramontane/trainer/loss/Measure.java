package io.tramontane.trainer.loss;

/** What a loss may count or add up over completion tokens. */
public enum Measure {
    /** The J that an update raises, each token with its weight. */
    OBJECTIVE,
    /** Entropy of the policy, summed over tokens, nats. */
    ENTROPY,
    /** Tokens held by the lower bound of a clip. */
    CLIPPED_LOW,
    /** Tokens held by the upper bound of a clip. */
    CLIPPED_HIGH,
    /** exp(d) - 1 - d with d = logprobs - behaviourLogprobs: an unbiased, non-negative estimate of the KL, nats. */
    BEHAVIOUR_KL,
    /** Tokens whose slope a correction made 0. */
    MASKED,
    /** Tokens whose correction was held by a bound. */
    TRUNCATED,
    /** The estimate of the KL to the reference policy, summed over tokens, nats. */
    REFERENCE_KL
}
