package io.tramontane.rollout;

import io.tramontane.model.DecodedTokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Speculative decoding without a draft model. While few sequences are live, a call takes about as long as it takes to read
 * the weights, so several tokens of each are computed at once: the next one and guesses behind it. What is sampled does not
 * change: after every token the policy chooses with the random number of that place, and the tokens that it chooses are kept
 * as long as they are the guessed ones.
 */
final class Drafts {
    /** With more live sequences a call is bound by arithmetic, and wrong guesses cost what they take. */
    private static final int MOST_LIVE = 4;

    private final int most;
    private long drafted;
    private long accepted;

    /** @param most tokens that are guessed at once; 0 for none */
    Drafts(int most) {
        this.most = most;
    }

    /** Tokens that a call may compute of a sequence, where a call without guesses decides {@code steps}. */
    int ahead(int steps) {
        return Math.max(steps, most + 1);
    }

    /** Guesses for every live slot, perhaps none for some; an empty list where there is none at all. */
    List<int[]> next(LiveSequences live) {
        if (most == 0 || live.used() > MOST_LIVE) return List.of();
        List<int[]> guesses = new ArrayList<>();
        boolean any = false;
        for (int slot = 0; slot < live.used(); slot++) {
            CompletionInProgress completion = live.at(slot);
            if (completion.guess == 0) completion.guess = most;
            int room = Math.min(completion.guess, completion.left() - 1);
            int[] guess = PromptLookup.guess(
                    completion.request().promptTokens(), completion.tokens(), completion.siblings(), room);
            guesses.add(guess);
            any |= guess.length > 0;
        }
        return any ? guesses : List.of();
    }

    /** Steps of a call for these guesses. */
    static int steps(List<int[]> guesses) {
        return 1 + guesses.stream().mapToInt(each -> each.length).max().orElse(0);
    }

    /**
     * Tokens of a slot that hold: the guesses that were right, and the token that the policy chose behind them. After wrong ones
     * fewer are guessed for this completion, after right ones more.
     */
    int right(int[] guess, DecodedTokens decided, int slot, CompletionInProgress completion) {
        int right = 0;
        while (right < guess.length && guess[right] == decided.token(right, slot)) right++;
        drafted += guess.length;
        accepted += right;
        if (guess.length > 0)
            completion.guess = right < guess.length ? right + 1 : Math.min(most, 2 * completion.guess);
        return right + 1;
    }

    /** Tokens that were guessed. */
    long drafted() {
        return drafted;
    }

    /** Those of them that the policy chose. */
    long accepted() {
        return accepted;
    }
}
