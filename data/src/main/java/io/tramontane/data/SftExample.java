package io.tramontane.data;

import java.io.Serializable;

/**
 * One example of supervised fine-tuning.
 *
 * @param question not empty; gives no loss
 * @param answer what the policy should say, without the end-of-text token that follows it
 */
public record SftExample(MarkedText question, MarkedText answer) implements Serializable {
    /** Checks that both have text. */
    public SftExample {
        if (question.isEmpty()) throw new IllegalArgumentException("prompt is empty");
        if (answer.isEmpty()) throw new IllegalArgumentException("completion is empty");
    }

    /** The question without marks. */
    public String prompt() {
        return question.string();
    }

    /** The answer without marks. */
    public String completion() {
        return answer.string();
    }
}
