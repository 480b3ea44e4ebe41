package io.tramontane.rollout;

import java.nio.IntBuffer;
import java.util.List;

/**
 * Guesses how a completion goes on: as the place did whose tokens before it are the most like its last ones, in the prompt,
 * in itself or in a completion of the same prompt. No draft model is needed (prompt lookup decoding, Saxena 2023; siblings as
 * a source are ours). One scan of these tokens, nothing is kept.
 */
final class PromptLookup {
    /** Fewer equal tokens say too little: of SmolLM2-135M's guesses 15 % were right with 1, 24 % with 2, 26 % with 3. */
    private static final int SHORTEST = 2;

    /** More equal tokens are no better. */
    private static final int LONGEST = 8;

    private final int[] prompt;
    private final IntBuffer own;
    private int longest = SHORTEST - 1;
    private int[] found = {};

    private PromptLookup(int[] prompt, IntBuffer own) {
        this.prompt = prompt;
        this.own = own;
    }

    /**
     * At most {@code most} tokens that may come next, none where nothing is alike. Of places that are equally alike the latest
     * of its own is taken, then those of the siblings in their order.
     *
     * @param own the completion so far, from 0 to the limit
     * @param siblings other completions of the prompt so far
     */
    static int[] guess(int[] prompt, IntBuffer own, List<IntBuffer> siblings, int most) {
        PromptLookup lookup = new PromptLookup(prompt, own);
        if (most > 0) lookup.scan(own, 1 - prompt.length, most);
        for (IntBuffer sibling : siblings) if (most > 0) lookup.scan(sibling, 0, most);
        return lookup.found;
    }

    /** Places from the last one down to {@code first}; those below 0 are in the prompt. */
    private void scan(IntBuffer other, int first, int most) {
        for (int place = other.limit() - 1; place >= first && longest < LONGEST; place--) {
            int alike = alike(other, place);
            if (alike <= longest) continue;
            longest = alike;
            found = new int[Math.min(most, other.limit() - place)];
            for (int i = 0; i < found.length; i++) found[i] = token(other, place + i);
        }
    }

    /** How many tokens before a place are the completion's last ones. */
    private int alike(IntBuffer other, int place) {
        int count = 0;
        int both = prompt.length + Math.min(place, own.limit());
        while (count < LONGEST
                && count < both
                && token(other, place - 1 - count) == token(own, own.limit() - 1 - count)) count++;
        return count;
    }

    private int token(IntBuffer completion, int place) {
        return place >= 0 ? completion.get(place) : prompt[prompt.length + place];
    }
}
