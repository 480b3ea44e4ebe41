package io.tramontane.data;

import java.io.Serializable;

/**
 * One sampled answer. Aligned: {@code behaviourLogprobs[t]} is the generator's log-probability of {@code tokens[t]} at
 * the sampling temperature, and {@code versions[t]} the policy version that chose it. Arrays are not copied: do not
 * write to them.
 *
 * @param tokens [T] token ids, with the end-of-text token when {@code finished}
 * @param behaviourLogprobs [T] natural logarithms, at most 0
 * @param versions [T] policy version of each token, never falling
 * @param finished true when the policy ended it, false when it was cut at the longest length
 * @param text the decoded tokens without the end-of-text token
 */
public record Completion(int[] tokens, float[] behaviourLogprobs, int[] versions, boolean finished, String text)
        implements Serializable {

    /** Checks that the three arrays are aligned. */
    public Completion {
        if (tokens.length != behaviourLogprobs.length || tokens.length != versions.length) {
            throw new IllegalArgumentException("tokens " + tokens.length + ", behaviourLogprobs "
                    + behaviourLogprobs.length + ", versions " + versions.length + ": must be equal");
        }
    }

    /** Number of tokens, |o_i| in the paper. */
    public int length() {
        return tokens.length;
    }

    /** The oldest policy version that chose a token of this completion; -1 if it is empty. */
    public int oldestVersion() {
        return versions.length == 0 ? -1 : versions[0];
    }

    /** The newest policy version that chose a token of this completion; -1 if it is empty. */
    public int newestVersion() {
        return versions.length == 0 ? -1 : versions[versions.length - 1];
    }
}
