package io.tramontane.data;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Codes of natural languages: two letters of ISO 639-1, or three letters where it has none. Other ways to name a language are
 * answered with its code.
 */
final class Languages {
    private static final Set<String> CODES = Set.of(Locale.getISOLanguages());

    /** Codes of countries that are taken for those of their languages. */
    private static final Map<String, String> COUNTRIES =
            Map.of("jp", "ja", "cn", "zh", "kr", "ko", "cz", "cs", "dk", "da", "ua", "uk", "gr", "el", "vn", "vi");

    private static final Map<String, String> OTHER_NAMES = Map.of(
            "mandarin",
            "zh",
            "castilian",
            "es",
            "farsi",
            "fa",
            "flemish",
            "nl",
            "simplified chinese",
            "zh",
            "traditional chinese",
            "zh",
            "brazilian portuguese",
            "pt");

    private Languages() {}

    /** Refuses what is no code. */
    static void check(String language, String where) {
        if (isCode(language)) return;
        String code = codeOf(language);
        throw new BadInputException(where + ": field \"language\" is \"" + language + "\", "
                + (code.isEmpty()
                        ? "allowed an ISO 639 code, like \"en\" or \"fr\""
                        : "write \"" + code + "\" (ISO 639)"));
    }

    private static boolean isCode(String language) {
        if (!language.matches("[a-z]{2,3}")) return false;
        if (language.length() == 2) return !COUNTRIES.containsKey(language) || CODES.contains(language);
        return codeOf(language).isEmpty();
    }

    /** The code that a name, a tag like fr-FR or a longer code stands for; empty when none does. */
    private static String codeOf(String language) {
        String name = language.strip().toLowerCase(Locale.ROOT);
        String main = name.split("[-_ (,.;/]", 2)[0];
        Map<String, String> known = known();
        for (String each : new String[] {name, main}) if (known.containsKey(each)) return known.get(each);
        return main.matches("[a-z]{2,3}") && !name.equals(main) ? main : "";
    }

    private static Map<String, String> known() {
        Map<String, String> known = new HashMap<>();
        for (String code : Locale.getISOLanguages()) {
            Locale locale = Locale.forLanguageTag(code);
            known.put(code, code);
            for (Locale in :
                    new Locale[] {Locale.ENGLISH, locale, Locale.FRENCH, Locale.GERMAN, Locale.forLanguageTag("es")})
                known.putIfAbsent(locale.getDisplayLanguage(in).toLowerCase(Locale.ROOT), code);
        }
        for (String code : Locale.getISOLanguages())
            known.putIfAbsent(Locale.forLanguageTag(code).getISO3Language(), code);
        known.putAll(OTHER_NAMES);
        COUNTRIES.forEach(known::putIfAbsent);
        return known;
    }
}
