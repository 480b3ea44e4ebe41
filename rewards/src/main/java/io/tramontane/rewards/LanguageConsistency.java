package io.tramontane.rewards;

import io.tramontane.data.RewardBreakdown;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The language bonus (paper section 2.2.4), paid when problem, thoughts and answer are in one language, after LaTeX and
 * code were taken out ({@link LanguageText}). What the paper leaves open, decided here:
 *
 * <ul>
 *   <li>capitals are no other language: the classifier has seen few, so they are lower-cased ({@link Capitals});
 *   <li>a part that weighs less than {@link #MIN_WEIGHT} is undecided ("und"); a letter weighs 1, a Han character 3;
 *   <li>the label is the most probable of those configured languages that are written in the part's main script
 *       ({@link WritingSystem}); without any the part is "other";
 *   <li>a near tie goes to the language that is asked for: the problem's own, for a problem the one that its source states;
 *   <li>where the classifier is sure that a longer part is in a language that is not configured, that is its label;
 *   <li>an undecided problem is in the language that its source states;
 *   <li>undecided thoughts get no bonus, so that empty or wordless thoughts cannot earn it;
 *   <li>an undecided answer agrees: a bare {@code \boxed{38}} is in every language;
 *   <li>where less than all of a part may be foreign, more than that makes it "mixed" ({@link RewardConfig#foreignShare}).
 * </ul>
 */
final class LanguageConsistency {
    static final String UNDECIDED = RewardBreakdown.UNDECIDED;
    static final String OTHER = RewardBreakdown.OTHER;
    static final String MIXED = RewardBreakdown.MIXED;
    static final int MIN_WEIGHT = 11;
    private static final String JAPANESE = "ja";
    /** A language this many times less probable than the best is still a near tie with it. */
    private static final double NEAR = 1.5;

    private static final int LONGER = 3 * MIN_WEIGHT;
    private static final double SURE = 0.8;
    private static final double TIMES_SURER = 10;
    private static final int PIECE = 6 * MIN_WEIGHT;

    private final Set<String> languages;
    private final double foreignShare;
    private final boolean latexWords;
    private final Map<WritingSystem, Set<String>> candidates;
    private final LanguageModel model;

    LanguageConsistency(List<String> languages) {
        this(languages, 1, false);
    }

    /**
     * @param foreignShare as {@link RewardConfig#foreignShare}
     * @param latexWords as {@link RewardConfig#latexWords}
     */
    LanguageConsistency(List<String> languages, double foreignShare, boolean latexWords) {
        this.languages = Set.copyOf(languages);
        this.foreignShare = foreignShare;
        this.latexWords = latexWords;
        this.candidates = new EnumMap<>(WritingSystem.class);
        for (WritingSystem script : WritingSystem.values()) candidates.put(script, script.among(this.languages));
        this.model = LanguageModel.shared();
    }

    /** The language of one part by itself, "und" or "other". */
    String of(String part) {
        return label(words(part), UNDECIDED);
    }

    /** The language of thoughts or answer to a problem in {@code asked}; "und", "other" or "mixed" where it has none. */
    String of(String part, String asked) {
        String words = words(part);
        String label = label(words, asked);
        boolean mixed = foreignShare < 1 && languages.contains(label) && foreign(words, label) > foreignShare;
        return mixed ? MIXED : label;
    }

    /** The language of a problem: found, or as stated where it cannot be found. */
    String ofProblem(String statement, String stated) {
        String found = label(words(statement), stated);
        return found.equals(UNDECIDED) && languages.contains(stated) ? stated : found;
    }

    private String words(String part) {
        return Capitals.lowered(LanguageText.words(part, latexWords));
    }

    private String label(String words, String favoured) {
        WritingSystem.Measure measure = WritingSystem.measure(words);
        if (measure.weight() < MIN_WEIGHT) return UNDECIDED;
        Set<String> possible = possible(measure.main(), words);
        if (possible.isEmpty()) return OTHER;
        if (measure.main() == WritingSystem.HAN && possible.size() == 1)
            return possible.iterator().next();
        List<LanguageModel.Guess> guesses = model.guesses(words, possible);
        LanguageModel.Guess best = guesses.stream()
                .filter(guess -> possible.contains(guess.language()))
                .findFirst()
                .orElse(null);
        if (measure.weight() >= LONGER && isStranger(guesses.get(0), best, measure.main()))
            return guesses.get(0).language();
        if (possible.size() == 1) return possible.iterator().next();
        if (best == null) return UNDECIDED;
        boolean tie = guesses.stream()
                .anyMatch(guess -> guess.language().equals(favoured)
                        && possible.contains(favoured)
                        && NEAR * guess.probability() >= best.probability());
        return tie ? favoured : best.language();
    }

    private Set<String> possible(WritingSystem script, String words) {
        Set<String> all = candidates.get(script);
        if (script != WritingSystem.HAN || !all.contains(JAPANESE) || !HanText.isChinese(words)) return all;
        Set<String> others = new HashSet<>(all);
        others.remove(JAPANESE);
        return others;
    }

    private boolean isStranger(LanguageModel.Guess top, LanguageModel.Guess best, WritingSystem script) {
        return !languages.contains(top.language())
                && script.writes(top.language())
                && top.probability() >= SURE
                && (best == null || top.probability() >= TIMES_SURER * best.probability());
    }

    /** The share of a text, cut into pieces of a dozen words, that is in another language than {@code label}. */
    private double foreign(String words, String label) {
        int all = 0;
        int foreign = 0;
        for (int from = 0, to; from < words.length(); from = to) {
            to = words.indexOf(' ', Math.min(words.length(), from + PIECE));
            if (to < 0) to = words.length();
            String piece = words.substring(from, to);
            String found = label(piece, label);
            if (found.equals(UNDECIDED)) continue;
            int weight = WritingSystem.measure(piece).weight();
            all += weight;
            if (!found.equals(label)) foreign += weight;
        }
        return all == 0 ? 0 : (double) foreign / all;
    }
}
