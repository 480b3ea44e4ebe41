package io.tramontane.rewards;

import io.tramontane.data.Problem.Kind;
import io.tramontane.data.ThinkTags;

/**
 * The format gate (paper section 2.2.1). All must hold, or the reward is 0 and nothing else is judged: the completion
 * starts with {@code <think>} (not even a blank before it); there is exactly one {@code <think>} and exactly one
 * {@code </think>} in the whole text, or the tags of {@link ThinkTags}; and the part after {@code </think>} holds the answer, for maths a closed and not
 * empty {@code \boxed{}}, for code a closed fenced block with a language. Boxes and blocks in the thoughts do not count.
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

    Parts check(Kind kind, String text) {
        String open = tags.open();
        String end = tags.close();
        if (!text.startsWith(open)) return Parts.failed("does not start with " + open);
        int close = text.indexOf(end);
        if (close < 0) return Parts.failed("no " + end);
        if (text.indexOf(open, open.length()) >= 0) return Parts.failed("more than one " + open);
        if (text.indexOf(end, close + 1) >= 0) return Parts.failed("more than one " + end);
        String thoughts = text.substring(open.length(), close);
        String answer = text.substring(close + end.length());
        AnswerExtractor.Extract found =
                kind == Kind.MATH ? AnswerExtractor.lastBox(answer) : AnswerExtractor.firstProgram(answer);
        if (found.missing() != null) return Parts.failed(found.missing());
        return new Parts(thoughts, answer, found.content(), found.tag(), null);
    }
}
