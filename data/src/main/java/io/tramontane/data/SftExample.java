package io.tramontane.data;

import java.io.Serializable;
import java.util.List;

/**
 * One example of supervised fine-tuning: a prompt and what follows it. A conversation of several turns alternates between
 * parts that are learned and parts that are only read.
 *
 * @param question not empty; gives no loss
 * @param parts what follows, in order, without the end-of-text token behind it; at least one is learned
 */
public record SftExample(MarkedText question, List<Part> parts) implements Serializable {
    /**
     * A piece of an example, encoded on its own.
     *
     * @param text not empty
     * @param learned whether its tokens count in the loss
     */
    public record Part(MarkedText text, boolean learned) implements Serializable {}

    /** Checks that there is something to read, and something to learn. */
    public SftExample {
        if (question.isEmpty()) throw new IllegalArgumentException("prompt is empty");
        parts = List.copyOf(parts);
        if (parts.stream().allMatch(part -> !part.learned() || part.text().isEmpty()))
            throw new IllegalArgumentException("completion is empty");
    }

    /** A prompt and the answer that is learned. */
    public SftExample(MarkedText question, MarkedText answer) {
        this(question, List.of(new Part(answer, true)));
    }

    /** The question without marks. */
    public String prompt() {
        return question.string();
    }

    /** All that follows. */
    public MarkedText answer() {
        MarkedText.Builder all = new MarkedText.Builder();
        for (Part part : parts) all.append(part.text());
        return all.build();
    }

    /** The answer without marks. */
    public String completion() {
        return answer().string();
    }
}
