package io.tramontane.data.gym;

import io.tramontane.data.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is asked, without a language: numbers and operations. Names and wordings come when it is told. */
interface Exercise {
    /** The same text for the same question, whatever the language and the wording. Training and evaluation are cut by it. */
    String canonical();

    /** Tells it in a language, with names and wordings that the dice choose. */
    Problem tell(String id, String language, int level, Dice dice);

    /** {@code Problem.extra} of the gym, in this order: a problem's JSON line is the same in every process. */
    static Map<String, Object> extra(int level, String family) {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("level", level);
        extra.put("family", family);
        return extra;
    }

    /** The same with the first sentence of a detailed thought. */
    static Map<String, Object> extra(int level, String family, String openingSentence) {
        Map<String, Object> extra = extra(level, family);
        extra.put("opening", "<think>" + openingSentence);
        return extra;
    }
}
