package io.tramontane.trainer;

import io.tramontane.data.SftExample;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.PackedSequences.Size;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * An example of supervised fine-tuning in tokens.
 *
 * @param group the prompt and one completion
 * @param learned [T] aligned with the completion: true where a token counts in the loss
 */
record SftSequence(PromptGroup group, boolean[] learned) {
    /** Checks that both are aligned. */
    SftSequence {
        int length = group.completions().get(0).length;
        if (group.completions().size() != 1 || learned.length != length)
            throw new IllegalArgumentException("learned " + learned.length + " of " + length + " tokens, "
                    + group.completions().size() + " completions");
    }

    /** Encodes the parts one after the other; a learned end that is no end-of-text token gets one behind it. */
    static SftSequence of(SftExample example, Tokenizer tokenizer) {
        int[] completion = new int[0];
        boolean[] learned = new boolean[0];
        boolean last = false;
        for (SftExample.Part part : example.parts()) {
            int[] tokens = tokenizer.encode(part.text());
            int from = completion.length;
            completion = Arrays.copyOf(completion, from + tokens.length);
            System.arraycopy(tokens, 0, completion, from, tokens.length);
            learned = Arrays.copyOf(learned, completion.length);
            if (part.learned()) Arrays.fill(learned, from, learned.length, true);
            last = part.learned();
        }
        if (last && !tokenizer.ends(completion[completion.length - 1])) {
            completion = Arrays.copyOf(completion, completion.length + 1);
            completion[completion.length - 1] = tokenizer.endOfText();
            learned = Arrays.copyOf(learned, completion.length);
            learned[learned.length - 1] = true;
        }
        return new SftSequence(new PromptGroup(tokenizer.encode(example.question()), List.of(completion)), learned);
    }

    /** Tokens of prompt and completion. */
    int tokens() {
        return group.tokens();
    }

    /** How many tokens count in the loss. */
    int learnedTokens() {
        int count = 0;
        for (boolean counts : learned) if (counts) count++;
        return count;
    }

    /** What a pass over it alone computes. */
    Size size() {
        return Size.of(List.of(group));
    }
}
