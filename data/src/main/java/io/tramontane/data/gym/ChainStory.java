package io.tramontane.data.gym;

import io.tramontane.data.gym.ChainFamily.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A chain about a person and a thing, told in any language: the question, and what somebody who solves it thinks and
 * answers. The same person and thing have a name in each language.
 */
record ChainStory(Chain chain, int person, int thing) {
    static final int PEOPLE = 5;
    static final int THINGS = 3;

    /** The whole question, one sentence for each step. */
    String statement(String language, Dice dice) {
        Phrases phrases = chain.family().phrases(language);
        List<String> sentences = new ArrayList<>();
        sentences.add(phrases.say("start", dice, values(phrases)));
        for (Step step : chain.steps()) {
            Map<String, String> values = values(phrases);
            values.put("n", Integer.toString(step.n()));
            sentences.add(phrases.say(firstLower(step.operation().key), dice, values));
        }
        sentences.add(phrases.say("question", dice, values(phrases)));
        return String.join(phrases.gap(), sentences);
    }

    /** The first sentence of a detailed thought: how it starts. */
    String opening(String language) {
        Phrases phrases = chain.family().phrases(language);
        return phrases.fill(phrases.wordings("opening").get(0), values(phrases));
    }

    /**
     * A detailed thought: the opening, then one sentence for each step.
     *
     * @param results what the thinker believes to have after each step, right or not
     */
    String detailed(String language, List<Integer> results) {
        Phrases phrases = chain.family().phrases(language);
        List<String> sentences = new ArrayList<>();
        sentences.add(opening(language));
        int before = chain.start();
        for (int i = 0; i < results.size(); i++) {
            Map<String, String> values = values(phrases);
            values.put("n", Integer.toString(chain.steps().get(i).n()));
            values.put("b", Integer.toString(before));
            values.put("c", Integer.toString(results.get(i)));
            String key = "think" + chain.steps().get(i).operation().key;
            sentences.add(phrases.fill(phrases.wordings(key).get(0), values));
            before = results.get(i);
        }
        return String.join(phrases.gap(), sentences);
    }

    /** A guess: one short sentence that names a result without steps. */
    String guess(String language, int result, Dice dice) {
        return chain.family().phrases(language).say("guess", dice, Map.of("c", Integer.toString(result)));
    }

    /** The answer sentence with its box. */
    String answer(String language, int result, Dice dice) {
        return chain.family().phrases(language).say("answer", dice, Map.of("c", Integer.toString(result)));
    }

    private Map<String, String> values(Phrases phrases) {
        CountForm form = CountForm.of(phrases.language(), chain.start());
        return values(phrases, person, thing, Integer.toString(chain.start()), form);
    }

    /** Names of a person and a thing, and the start as it is written. */
    static Map<String, String> values(Phrases phrases, int person, int thing, String start, CountForm form) {
        Map<String, String> values = new HashMap<>(phrases.words("names").get(person));
        Map<String, String> forms = phrases.words("things").get(thing);
        values.putAll(forms);
        values.put("a", start);
        values.put("thing", forms.get(form.key()));
        return values;
    }

    static String firstLower(String key) {
        return Character.toLowerCase(key.charAt(0)) + key.substring(1);
    }
}
