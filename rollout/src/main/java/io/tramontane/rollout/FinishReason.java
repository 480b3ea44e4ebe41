package io.tramontane.rollout;

/** Why a completion ended. */
public enum FinishReason {
    /** At an end token, a stop token or a stop string. */
    STOP,
    /** At its longest length. */
    LENGTH
}
