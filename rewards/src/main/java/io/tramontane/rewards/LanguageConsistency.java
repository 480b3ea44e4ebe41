package io.tramontane.rewards;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The language bonus (paper section 2.2.4): 0.1 when problem, thoughts and answer are in one language, after LaTeX and
 * code were taken out ({@link LanguageText}). What the paper leaves open, decided here:
 *
 * <ul>
 *   <li>the label is the most probable of those configured languages that are written in the part's main script
 *       ({@link WritingSystem}), without a threshold;
 *   <li>a part that weighs less than {@link #MIN_WEIGHT} is undecided ("und"); a letter weighs 1, a Han character 3;
 *   <li>an undecided problem is in the language that its source states;
 *   <li>undecided thoughts get no bonus, so that empty or wordless thoughts cannot earn it;
 *   <li>an undecided answer agrees: a bare {@code \boxed{38}} is in every language.
 * </ul>
 */
final class LanguageConsistency {
    static final double REWARD = 0.1;
    static final String UNDECIDED = "und";
    static final int MIN_WEIGHT = 11;

    private final Set<String> languages;
    private final Map<WritingSystem, Set<String>> candidates;
    private final LanguageModel model;

    LanguageConsistency(List<String> languages) {
        this.languages = Set.copyOf(languages);
        this.candidates = new EnumMap<>(WritingSystem.class);
        for (WritingSystem script : WritingSystem.values()) candidates.put(script, script.among(this.languages));
        this.model = LanguageModel.shared();
    }

    /** The language of one part, or "und". */
    String of(String part) {
        String words = LanguageText.words(part);
        WritingSystem.Measure measure = WritingSystem.measure(words);
        if (measure.weight() < MIN_WEIGHT) return UNDECIDED;
        Set<String> possible = candidates.get(measure.main());
        if (possible.size() == 1) return possible.iterator().next();
        String best = model.best(words, possible);
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
}
