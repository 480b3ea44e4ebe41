package io.tramontane.data.gym;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sentences of one family in all languages of a gym. */
final class PhraseBook {
    private final Map<String, Phrases> byLanguage = new HashMap<>();

    PhraseBook(String family, List<String> languages) {
        for (String language : languages) byLanguage.put(language, new Phrases(family, language));
    }

    Phrases in(String language) {
        return byLanguage.get(language);
    }
}
