package io.tramontane.rewards;

import io.tramontane.data.Problem.Kind;
import io.tramontane.data.ThinkTags;
import java.util.ArrayList;
import java.util.List;

/**
 * The format gate (paper section 2.2.1). All must hold, or the reward is 0 and nothing else is judged: the completion
 * starts with {@code <think>} (not even a blank before it); there is exactly one {@code <think>} and exactly one
 * {@code </think>} in the whole text, or the tags of {@link ThinkTags}; and the part after {@code </think>} holds the answer, for maths a closed and not
 * empty {@code \boxed{}}, for code a closed fenced block with a language. Boxes and blocks in the thoughts do not count.
 * Where the model has tokens for the tags, only these tokens count.
 */
final class FormatGate {
    private final ThinkTags tags;

    FormatGate(ThinkTags tags) {
        this.tags = tags;
    }

    /**
     * A completion taken apart, or the reason why it cannot be.
     *
     * @param thoughts between the tags; empty when the gate failed
     * @param answer after the closing tag; empty when the gate failed
     * @param extracted the boxed answer or the program; empty when the gate failed
     * @param tag what announced it: "boxed" or the language of the fenced block; null when the gate failed
     * @param failure why the gate failed; null when it passed
     */
    record Parts(String thoughts, String answer, String extracted, String tag, String failure) {
        boolean passed() {
            return failure == null;
        }

        private static Parts failed(String why) {
            return new Parts("", "", "", null, why);
        }
    }

    /** Of a text alone: whatever is spelt like a mark is one. */
    Parts check(Kind kind, String text) {
        return check(kind, text, null);
    }

    /**
     * Of a completion.
     *
     * @param marks where mark tokens stand in the text: what is spelt like a mark elsewhere is text; null where the model has
     *     no tokens for marks
     */
    Parts check(Kind kind, String text, int[] marks) {
        String open = tags.open();
        String end = tags.close();
        List<Integer> opens = places(open, text, marks);
        List<Integer> ends = places(end, text, marks);
        if (opens.isEmpty() || opens.get(0) != 0) return Parts.failed("does not start with " + open);
        if (ends.isEmpty()) return Parts.failed("no " + end);
        if (opens.size() > 1) return Parts.failed("more than one " + open);
        if (ends.size() > 1) return Parts.failed("more than one " + end);
        int close = ends.get(0);
        String thoughts = text.substring(open.length(), close);
        String answer = text.substring(close + end.length());
        AnswerExtractor.Extract found =
                kind == Kind.MATH ? AnswerExtractor.lastBox(answer) : AnswerExtractor.firstProgram(answer);
        if (found.missing() != null) return Parts.failed(found.missing());
        return new Parts(thoughts, answer, found.content(), found.tag(), null);
    }

    private static List<Integer> places(String mark, String text, int[] marks) {
        List<Integer> places = new ArrayList<>();
        if (marks == null)
            for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length())) places.add(at);
        else for (int at : marks) if (text.startsWith(mark, at)) places.add(at);
        return places;
    }
}
