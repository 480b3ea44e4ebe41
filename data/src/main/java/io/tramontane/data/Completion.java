package io.tramontane.data;

import java.io.Serializable;

/**
 * One sampled answer. Aligned: {@code behaviourLogprobs[t]} is the generator's log-probability of {@code tokens[t]} at
 * the sampling temperature, before top-k, top-p and min-p cut anything, and {@code versions[t]} the policy version that chose
 * it. Tokens that the policy did not choose (an opening that is forced, the result of a tool) are context: they have
 * log-probability 0 and are never trained on. Arrays are not copied: do not write to them.
 *
 * @param tokens [T] token ids, with the end-of-text token when {@code finished}
 * @param behaviourLogprobs [T] natural logarithms, at most 0
 * @param versions [T] policy version of each token, never falling
 * @param chosen [T] response mask: true where the policy chose the token; null where it chose all
 * @param marks where the tokens that mark the thoughts stand in {@code text}, in order, as positions of characters; null where
 *     the model has no ids for them, so that the marks are text
 * @param finished true when the policy ended it, false when it was cut at the longest length
 * @param text the decoded tokens without the end-of-text token
 */
public record Completion(
        int[] tokens,
        float[] behaviourLogprobs,
        int[] versions,
        boolean[] chosen,
        int[] marks,
        boolean finished,
        String text)
        implements Serializable {

    /** Checks that the arrays are aligned; a mask that hides nothing becomes none. */
    public Completion {
        if (tokens.length != behaviourLogprobs.length || tokens.length != versions.length) {
            throw new IllegalArgumentException("tokens " + tokens.length + ", behaviourLogprobs "
                    + behaviourLogprobs.length + ", versions " + versions.length + ": must be equal");
        }
        if (chosen != null && chosen.length != tokens.length)
            throw new IllegalArgumentException(
                    "tokens " + tokens.length + ", chosen " + chosen.length + ": must be equal");
        if (chosen != null && count(chosen) == chosen.length) chosen = null;
        for (int i = 0; marks != null && i < marks.length; i++)
            if (marks[i] < (i == 0 ? 0 : marks[i - 1]) || marks[i] > text.length())
                throw new IllegalArgumentException(
                        "mark " + i + " at " + marks[i] + ", allowed in order up to " + text.length());
    }

    /** A completion whose tokens the policy chose, all of them, and whose marks are text. */
    public Completion(int[] tokens, float[] behaviourLogprobs, int[] versions, boolean finished, String text) {
        this(tokens, behaviourLogprobs, versions, null, null, finished, text);
    }

    private static int count(boolean[] mask) {
        int count = 0;
        for (boolean each : mask) if (each) count++;
        return count;
    }

    /** Number of tokens, |o_i| in the paper, chosen or not. */
    public int length() {
        return tokens.length;
    }

    /** Whether the policy chose a token. */
    public boolean isChosen(int t) {
        return chosen == null || chosen[t];
    }

    /** How many tokens the policy chose. */
    public int chosenTokens() {
        return chosen == null ? tokens.length : count(chosen);
    }

    /** The oldest policy version that wrote a token of this completion; -1 if it is empty. */
    public int oldestVersion() {
        return versions.length == 0 ? -1 : versions[0];
    }

    /** The newest policy version that wrote a token of this completion; -1 if it is empty. */
    public int newestVersion() {
        return versions.length == 0 ? -1 : versions[versions.length - 1];
    }
}
