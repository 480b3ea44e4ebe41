package io.tramontane.model.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the tokens that mark thoughts in the text of a completion. */
public final class ThoughtMarks {
    private ThoughtMarks() {}

    /**
     * Positions of characters in {@code text} at which mark tokens stand, in order; null where the tokenizer has no such tokens.
     *
     * @param tokens that were decoded
     * @param text what they decode to, perhaps cut at its end
     */
    public static int[] places(Tokenizer tokenizer, int[] tokens, String text) {
        Set<Integer> marks = tokenizer.thoughtMarks();
        if (marks.isEmpty()) return null;
        Map<Integer, String> spelling = new HashMap<>();
        for (int id : marks) spelling.put(id, tokenizer.decode(new int[] {id}).strip());
        List<Integer> spelt = new ArrayList<>();
        for (int at = 0; at < text.length(); at++)
            for (String mark : spelling.values()) if (text.startsWith(mark, at)) spelt.add(at);
        int count = 0;
        for (int token : tokens) if (marks.contains(token)) count++;
        // Every mark token shows in the text: as many spellings as tokens means that all are tokens.
        return (count == spelt.size() ? spelt : followed(tokenizer, tokens, spelling, text))
                .stream().mapToInt(i -> i).toArray();
    }

    /** Token by token, where something is spelt like a mark or the text was cut. */
    private static List<Integer> followed(
            Tokenizer tokenizer, int[] tokens, Map<Integer, String> spelling, String text) {
        List<Integer> places = new ArrayList<>();
        TextStream stream = new TextStream(tokenizer);
        int length = 0;
        for (int token : tokens) {
            String more = stream.accept(token);
            if (spelling.containsKey(token)) {
                int at = length + Math.max(0, more.indexOf(spelling.get(token)));
                if (at + spelling.get(token).length() <= text.length()) places.add(at);
            }
            length += more.length();
        }
        return places;
    }
}
