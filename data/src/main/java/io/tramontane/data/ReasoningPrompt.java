package io.tramontane.data;

/**
 * The system prompt with the structure of the paper's (figure 2: think first, as long and as casually as you like, then a
 * short answer; Markdown and LaTeX; in the language of the task), in our own words.
 */
final class ReasoningPrompt {
    private static final String TEXT =
            """
            Before you answer, work the problem out as if on scratch paper. Begin with <think>, end with </think>, and \
            put everything you try between the two: be as casual and as long as you want, change your mind, check \
            yourself, until you trust the result. Nobody grades the scratch paper.
            After </think>, write a concise summary of the solution that a reader understands without the scratch \
            paper. Write it, and the scratch paper too, in Markdown, with formulas in LaTeX. If the task asks for a result, finish with it in \\boxed{}. If the task asks for a program, put the \
            whole program into one fenced code block that names the programming language asked for.
            Think and answer in the language in which the task is written. Use <think> and </think> once each, and \
            nowhere else.

            Your reply looks like this:
            <think>
            the scratch paper
            </think>
            the summary, with the final result in \\boxed{} or the program in a fenced block""";

    private ReasoningPrompt() {}

    /** What the user wants instead, as it stands; or ours where that is empty. */
    static String text(String instead, ThinkTags tags) {
        return instead.isEmpty() ? text(tags) : instead;
    }

    /** With these marks around the thoughts. */
    static String text(ThinkTags tags) {
        return TEXT.replace("<think>", tags.open()).replace("</think>", tags.close());
    }
}
