package io.tramontane.data.gym;

import io.tramontane.data.Problem;
import java.util.Map;
import java.util.TreeMap;

/**
 * A question with one exact answer: a sentence of a phrase book and what stands in its slots.
 *
 * @param family its name
 * @param book its sentences
 * @param key which sentence
 * @param values numbers and formulas by slot; they are what is asked, names of people are not among them
 * @param answer a whole number or a reduced LaTeX fraction
 */
record Question(String family, PhraseBook book, String key, Map<String, String> values, String answer)
        implements Exercise {
    @Override
    public String canonical() {
        return family + ":" + key + ":" + new TreeMap<>(values);
    }

    @Override
    public Problem tell(String id, String language, int level, Dice dice) {
        Phrases phrases = book.in(language);
        Map<String, String> all = new TreeMap<>(values);
        if (phrases.hasNames()) all.putAll(dice.pick(phrases.words("names")));
        return Problem.math(id, language, phrases.say(key, dice, all), answer, Exercise.extra(level, family));
    }
}
