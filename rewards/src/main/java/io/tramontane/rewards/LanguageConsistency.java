package io.tramontane.rewards;

import java.util.List;
import java.util.Set;

/**
 * The language bonus (paper section 2.2.4): 0.1 when problem, thoughts and answer are in one language, after LaTeX and
 * code were taken out ({@link LanguageText}). What the paper leaves open, decided here:
 *
 * <ul>
 *   <li>the label is the most probable of the configured languages, without a threshold;
 *   <li>a part that weighs less than {@link #MIN_WEIGHT} is undecided ("und"); a letter weighs 1, a Han character 3;
 *   <li>an undecided problem is in the language that its source states;
 *   <li>undecided thoughts get no bonus, so that empty or wordless thoughts cannot earn it;
 *   <li>an undecided answer agrees: a bare {@code \boxed{38}} is in every language.
 * </ul>
 */
final class LanguageConsistency {
    static final double REWARD = 0.1;
    static final String UNDECIDED = "und";
    static final int MIN_WEIGHT = 9;
    private static final int HAN_WEIGHT = 3;

    private final Set<String> languages;
    private final LanguageModel model;

    LanguageConsistency(List<String> languages) {
        this.languages = Set.copyOf(languages);
        this.model = LanguageModel.shared();
    }

    /** The language of one part, or "und". */
    String of(String part) {
        String words = LanguageText.words(part);
        if (weight(words) < MIN_WEIGHT) return UNDECIDED;
        String best = model.best(words, languages);
        return best == null ? UNDECIDED : best;
    }

    /** The language of a problem: found, or as stated where it cannot be found. */
    String ofProblem(String statement, String stated) {
        String found = of(statement);
        return found.equals(UNDECIDED) && languages.contains(stated) ? stated : found;
    }

    /** True when the three labels earn the bonus. */
    static boolean agree(String problem, String thoughts, String answer) {
        return !thoughts.equals(UNDECIDED)
                && thoughts.equals(problem)
                && (answer.equals(problem) || answer.equals(UNDECIDED));
    }

    private static int weight(String words) {
        int weight = 0;
        for (int i = 0; i < words.length() && weight < MIN_WEIGHT; i++) {
            char c = words.charAt(i);
            if (c != ' ') weight += c >= '\u3400' && c <= '\u9FFF' ? HAN_WEIGHT : 1;
        }
        return weight;
    }
}
