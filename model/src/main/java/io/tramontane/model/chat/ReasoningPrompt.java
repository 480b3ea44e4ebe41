package io.tramontane.model.chat;

import io.tramontane.data.MarkedText;
import io.tramontane.data.ThinkTags;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
            paper. Write it, and the scratch paper too, in Markdown, with formulas in LaTeX. If the task asks for a \
            result, finish with it in \\boxed{}. If the task asks for a program, put the whole program into one fenced \
            code block that names the programming language asked for.
            Think and answer in the language in which the task is written. Use <think> and </think> once each, and \
            nowhere else.

            Your reply looks like this:
            <think>
            the scratch paper
            </think>
            the summary, with the final result in \\boxed{} or the program in a fenced block""";

    private static final Pattern MARKS = Pattern.compile(Stream.of(ThinkTags.ANGLE, ThinkTags.SQUARE)
            .flatMap(tags -> Stream.of(tags.open(), tags.close()))
            .map(Pattern::quote)
            .collect(Collectors.joining("|")));

    private ReasoningPrompt() {}

    /** The user's own prompt unchanged, or ours if that is empty. */
    static String text(String instead, ThinkTags tags) {
        return instead.isEmpty() ? text(tags) : instead;
    }

    /** With these marks around the thoughts. */
    static String text(ThinkTags tags) {
        return TEXT.replace("<think>", tags.open()).replace("</think>", tags.close());
    }

    /**
     * A system prompt as it is given to a template: it tells the policy how to mark its thoughts, so these marks are tokens
     * where the model has them. Everything else in a prompt of the user's is text.
     */
    static MarkedText marked(String system) {
        for (ThinkTags tags : ThinkTags.values()) if (system.equals(text(tags))) return MarkedText.own(system);
        MarkedText.Builder made = new MarkedText.Builder();
        Matcher marks = MARKS.matcher(system);
        int from = 0;
        while (marks.find()) {
            made.append(MarkedText.foreign(system.substring(from, marks.start())))
                    .append(marks.group());
            from = marks.end();
        }
        return made.append(MarkedText.foreign(system.substring(from))).build();
    }
}
