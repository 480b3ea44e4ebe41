package io.tramontane.data;

/** Turns a problem into the text of a prompt. */
public interface ChatTemplate extends java.io.Serializable {
    /** The whole prompt, with what the problem says in it as foreign; the completion starts right after it. */
    MarkedText marked(Problem problem);

    /** The same as characters. */
    default String prompt(Problem problem) {
        return marked(problem).string();
    }

    /**
     * What the template itself writes of the thoughts, so that a completion goes on from there: from the opening mark to the end of
     * the prompt, empty where the model opens its thoughts.
     */
    default String opening(ThinkTags tags) {
        String tail = marked(SAMPLE).ownTail();
        int open = tail.lastIndexOf(tags.open());
        return open < 0 || tail.indexOf(tags.close(), open) >= 0 ? "" : tail.substring(open);
    }

    /** A problem that shows what a template does with any. */
    Problem SAMPLE = Problem.math("sample", "en", "1+1", "2", java.util.Map.of());
}
