package io.tramontane.rewards;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The scripts that settle most of the question before the classifier is asked. Its words are what is between blanks, so
 * a short Chinese sentence is one unknown word to it; and no Latin sentence is Russian.
 */
enum WritingSystem {
    LATIN(1, ""),
    HAN(3, "zh ja yue wuu"),
    KANA(2, "ja"),
    HANGUL(2, "ko"),
    CYRILLIC(1, "ru uk be bg mk sr kk ky mn tg tt ba cv os ce av bxr kv krc lez mhr mrj myv rue sah tyv xal"),
    ARABIC(1, "ar arz fa ur ps sd ug ckb pnb azb mzn lrc"),
    HEBREW(1, "he yi"),
    GREEK(1, "el"),
    DEVANAGARI(1, "hi mr ne sa mai bh gom new dty"),
    BENGALI(1, "bn as bpy"),
    OTHER(1, "th lo km my ka xmf hy ta te kn ml gu pa or si am bo dv");

    /** Serbian is written in two scripts. */
    private static final String ALSO_LATIN = "sr";

    /** The mark of a long vowel between kana, which Unicode gives to no script. */
    static final int PROLONGED = 0x30FC;

    private final int weight;
    private final Set<String> languages;

    WritingSystem(int weight, String languages) {
        this.weight = weight;
        this.languages = languages.isEmpty() ? Set.of() : Set.of(languages.split(" "));
    }

    /**
     * How much of a text there is to judge, and in which script most of it is written.
     *
     * @param weight a letter counts 1, a Han character 3, a kana or Hangul syllable 2
     */
    record Measure(int weight, WritingSystem main) {}

    static Measure measure(String words) {
        Map<WritingSystem, Integer> weights = new EnumMap<>(WritingSystem.class);
        int total = 0;
        for (int i = 0, point; i < words.length(); i += Character.charCount(point)) {
            point = words.codePointAt(i);
            if (point == ' ') continue;
            WritingSystem script = of(point);
            weights.merge(script, script.weight, Integer::sum);
            total += script.weight;
        }
        int kana = weights.getOrDefault(KANA, 0);
        int han = weights.getOrDefault(HAN, 0);
        if (kana + han > 0) { // Japanese is Han with kana between; either language quotes the other
            boolean japanese = kana >= han || HanText.isJapanese(words);
            weights.put(KANA, japanese ? kana + han : 0);
            weights.put(HAN, japanese ? 0 : kana + han);
        }
        WritingSystem main = LATIN;
        for (WritingSystem script : values())
            if (weights.getOrDefault(script, 0) > weights.getOrDefault(main, 0)) main = script;
        return new Measure(total, main);
    }

    static WritingSystem of(int point) {
        if (point < 0x250) return LATIN;
        if (point == PROLONGED) return KANA;
        UnicodeScript script = UnicodeScript.of(point);
        return switch (script) {
            case LATIN, COMMON, INHERITED -> LATIN; // combining accents and apostrophes
            case HAN -> HAN;
            case HIRAGANA, KATAKANA -> KANA;
            case HANGUL -> HANGUL;
            case CYRILLIC -> CYRILLIC;
            case ARABIC -> ARABIC;
            case HEBREW -> HEBREW;
            case GREEK -> GREEK;
            case DEVANAGARI -> DEVANAGARI;
            case BENGALI -> BENGALI;
            default -> OTHER;
        };
    }

    /** True when the language is written in this script. */
    boolean writes(String language) {
        if (this != LATIN) return languages.contains(language);
        for (WritingSystem other : values()) if (other.languages.contains(language)) return language.equals(ALSO_LATIN);
        return true;
    }

    /** Those of {@code all} that are written in this script. */
    Set<String> among(Set<String> all) {
        Set<String> own = new HashSet<>(all);
        own.removeIf(language -> !writes(language));
        return Set.copyOf(own);
    }
}
