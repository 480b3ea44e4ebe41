package io.tramontane.model.chat;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How thoughts are marked under a chat template, and what of them the template itself writes: some end the prompt in the
 * opening mark, so that a completion begins within the thoughts. The gate judges both together.
 *
 * @param tags the marks that the gate looks for
 * @param opening what the prompt holds of the thoughts, from the opening mark on; empty where the model opens them
 */
public record Thoughts(ThinkTags tags, String opening) {
    private static final List<ThinkTags> KNOWN = List.of(ThinkTags.ANGLE, ThinkTags.SQUARE);

    /** A last mark that looks as if it opened thoughts. */
    private static final Pattern OPENS = Pattern.compile(
            "[<\\[◁]([^/<>\\[\\]◁▷][^<>\\[\\]◁▷]{0,30}(?:think|thought|reason)[^<>\\[\\]◁▷]{0,30}|(?:think|thought|reason)[^<>\\[\\]◁▷]{0,30})[>\\]▷]\\s*$",
            Pattern.CASE_INSENSITIVE);

    /**
     * Of a template by its name in a config; a template that opens thoughts with other marks than the gate looks for is
     * refused, since every reward would be 0.
     *
     * @param set what the config says, {@link ThinkTags#CHAT} for what the template asks for
     */
    public static Thoughts of(String chat, TokenizerFiles files, LocalDate today, ThinkTags set) {
        if (!List.of("tiny", "magistral").contains(chat) && !ChatTemplates.hasOwnChat(files))
            return new Thoughts(set.or(ChatTemplates.thinkTags(chat, files)), "");
        ChatTemplate template = ChatTemplates.named(chat, files, today);
        ThinkTags asked = ChatTemplates.thinkTags(chat).orElseGet(() -> KNOWN.stream()
                .filter(tags -> !template.opening(tags).isEmpty())
                .findFirst()
                .orElseGet(() -> ChatTemplates.thinkTags(chat, files)));
        ThinkTags tags = set.or(asked);
        String opening = template.opening(tags);
        Matcher other = OPENS.matcher(template.marked(ChatTemplate.SAMPLE).ownTail());
        if (opening.isEmpty() && other.find())
            throw new BadInputException(files.where() + ": chat template ends the prompt in "
                    + other.group().strip()
                    + ", but the format gate looks for " + tags.open() + ": every reward would be 0, allowed "
                    + ThinkTags.ANGLE.open() + ", " + ThinkTags.SQUARE.open() + " as the marks of both");
        return new Thoughts(tags, opening);
    }

    /** The same, but a prompt that ends in other think tags is accepted: for answers that are judged without the format gate. */
    public static Thoughts lenient(String chat, TokenizerFiles files, LocalDate today, ThinkTags set) {
        try {
            return of(chat, files, today, set);
        } catch (BadInputException e) {
            return new Thoughts(set.or(ChatTemplates.thinkTags(chat, files)), "");
        }
    }

    /** A completion with what the prompt holds of its thoughts. */
    public String whole(String completion) {
        return opening + completion;
    }

    /** Where mark tokens stand in {@link #whole}, of those of the completion; null stays null. */
    public int[] wholeMarks(int[] marks) {
        if (marks == null || opening.isEmpty()) return marks;
        int[] whole = new int[marks.length + 1]; // the opening begins with a mark
        for (int i = 0; i < marks.length; i++) whole[i + 1] = marks[i] + opening.length();
        return whole;
    }

    /** A line for the user before a run, if there is one. */
    public Optional<String> note() {
        if (opening.isEmpty()) return Optional.empty();
        return Optional.of("the chat template opens the thoughts: its " + tags.open()
                + " counts as the beginning of every completion");
    }
}
