package io.tramontane.rollout;

import java.util.BitSet;

/**
 * Which tokens a completion may go on with, for outputs of a given form. One object for each completion, used by the
 * generator's thread. While one of a generator's completions has a mask, all get one token a call.
 */
public interface TokenMask {
    /** Ids that may come next; null while all may. The set is read before the next call of this object. */
    BitSet allowed();

    /** The token that was chosen. */
    void accept(int token);
}
