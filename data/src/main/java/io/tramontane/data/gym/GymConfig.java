package io.tramontane.data.gym;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which problems the gym makes.
 *
 * @param languages ISO 639-1 codes, dealt in equal shares
 * @param levelWeights relative share of level 1, 2, ... 6
 * @param families names of maths families, dealt in equal shares: chain, arithmetic, fractions, equations, remainders,
 *     sequences, words
 * @param codeShare share of problems that ask for a program, 0 to 1
 * @param codeLanguages "python", "cpp" or both, dealt in equal shares
 * @param codeTopLevel hardest program asked for, 1 to 6; levels above it ask for this one
 * @param codeFamilies what programs are asked for, dealt in equal shares: code (ten kinds), stories (a chain whose start is
 *     read; it prints what comes out), cases (a chain for small numbers, another one for large numbers)
 */
public record GymConfig(
        List<String> languages,
        List<Double> levelWeights,
        List<String> families,
        double codeShare,
        List<String> codeLanguages,
        int codeTopLevel,
        List<String> codeFamilies)
        implements Serializable {
    /** All seven languages of the paper (section 2.2.4), all levels alike, the family that a tiny policy can learn. */
    public static GymConfig defaults() {
        return new GymConfig(
                List.of("en", "fr", "es", "it", "de", "zh", "ru"),
                List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
                List.of("chain"),
                0.0,
                List.of("python", "cpp"),
                6,
                List.of("code"));
    }

    private static final Set<String> LANGUAGES = Set.of("en", "fr", "es", "it", "de", "zh", "ru");

    private static final Set<String> FAMILIES =
            Set.of("chain", "arithmetic", "fractions", "equations", "remainders", "sequences", "words");

    /** Checks ranges. */
    public GymConfig {
        languages = List.copyOf(languages);
        levelWeights = List.copyOf(levelWeights);
        families = List.copyOf(families);
        codeLanguages = List.copyOf(codeLanguages);
        codeFamilies = List.copyOf(codeFamilies);
        if (languages.isEmpty()) throw new IllegalArgumentException("gym.languages is empty");
        if (levelWeights.isEmpty() || levelWeights.size() > 6)
            throw new IllegalArgumentException(
                    "gym.levelWeights has " + levelWeights.size() + " numbers, allowed 1 to 6");
        double sum = 0;
        for (double weight : levelWeights) {
            if (!(weight >= 0))
                throw new IllegalArgumentException("gym.levelWeights holds " + weight + ", allowed >= 0");
            sum += weight;
        }
        if (!(sum > 0)) throw new IllegalArgumentException("gym.levelWeights are all 0");
        if (!(codeShare >= 0 && codeShare <= 1))
            throw new IllegalArgumentException("gym.codeShare " + codeShare + ", allowed 0 to 1");
        named("languages", languages, LANGUAGES);
        named("families", families, FAMILIES);
        named("codeLanguages", codeLanguages, Set.of("python", "cpp"));
        if (codeLanguages.isEmpty()) throw new IllegalArgumentException("gym.codeLanguages is empty");
        if (codeTopLevel < 1 || codeTopLevel > 6)
            throw new IllegalArgumentException("gym.codeTopLevel " + codeTopLevel + ", allowed 1 to 6");
        named("codeFamilies", codeFamilies, Set.of("code", "stories", "cases"));
        if (codeFamilies.isEmpty()) throw new IllegalArgumentException("gym.codeFamilies is empty");
        if (families.isEmpty() && codeShare < 1) throw new IllegalArgumentException("gym.families is empty");
    }

    private static void named(String key, List<String> values, Set<String> allowed) {
        for (String value : values) {
            if (!allowed.contains(value))
                throw new IllegalArgumentException(
                        "gym." + key + " holds " + value + ", allowed " + new TreeSet<>(allowed));
        }
    }

    /** The same with one weight for all levels that have any. */
    public GymConfig withEvenLevels() {
        List<Double> even = levelWeights.stream().map(w -> w > 0 ? 1.0 : 0.0).toList();
        return new GymConfig(languages, even, families, codeShare, codeLanguages, codeTopLevel, codeFamilies);
    }
}
