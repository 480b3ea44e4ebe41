package io.tramontane.rewards;

import java.util.HashSet;
import java.util.Set;

/**
 * The scripts that settle most of the question before the classifier is asked. Its words are what is between blanks, so
 * a short Chinese sentence is one unknown word to it; and no Latin sentence is Russian.
 */
enum WritingSystem {
    HAN(Set.of("zh", "ja", "yue", "wuu")),
    CYRILLIC(Set.of(
            "ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "os", "ce", "av", "bxr", "kv",
            "krc", "lez", "mhr", "mrj", "myv", "rue", "sah", "tyv", "xal")),
    OTHER(Set.of());

    private static final int HAN_WEIGHT = 3;

    private final Set<String> languages;

    WritingSystem(Set<String> languages) {
        this.languages = languages;
    }

    /**
     * How much of a text there is to judge, and in which script most of it is written.
     *
     * @param weight a letter counts 1, a Han character 3
     */
    record Measure(int weight, WritingSystem main) {}

    static Measure measure(String words) {
        int han = 0;
        int cyrillic = 0;
        int other = 0;
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (c == ' ') continue;
            if (c >= '\u3400' && c <= '\u9FFF') han += HAN_WEIGHT;
            else if (c >= '\u0400' && c <= '\u052F') cyrillic++;
            else other++;
        }
        WritingSystem main = han > cyrillic && han > other ? HAN : cyrillic > other ? CYRILLIC : OTHER;
        return new Measure(han + cyrillic + other, main);
    }

    /** Those of {@code all} that are written in this script; {@code all} when none is. */
    Set<String> among(Set<String> all) {
        Set<String> own = new HashSet<>(all);
        if (this == OTHER) {
            own.removeAll(HAN.languages);
            own.removeAll(CYRILLIC.languages);
        } else own.retainAll(languages);
        return own.isEmpty() ? all : Set.copyOf(own);
    }
}
