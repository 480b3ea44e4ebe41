package io.tramontane.data;

import java.io.Serializable;

/**
 * One example of supervised fine-tuning.
 *
 * @param prompt not empty; gives no loss
 * @param completion what the policy should say, without the end-of-text token that follows it
 */
public record SftExample(String prompt, String completion) implements Serializable {
    /** Checks that both have text. */
    public SftExample {
        if (prompt.isEmpty()) throw new IllegalArgumentException("prompt is empty");
        if (completion.isEmpty()) throw new IllegalArgumentException("completion is empty");
    }
}
