package io.tramontane.data;

/** Turns a problem into the text of a prompt. */
public interface ChatTemplate extends java.io.Serializable {
    /** The whole prompt; the completion starts right after it. */
    String prompt(Problem problem);
}
