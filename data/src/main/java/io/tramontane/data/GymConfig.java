package io.tramontane.data;

import java.io.Serializable;
import java.util.List;

/**
 * Which problems the gym makes.
 *
 * @param languages ISO 639-1 codes, dealt in equal shares
 * @param levelWeights relative share of level 1, 2, ... 6
 * @param families names of problem families (maths), dealt in equal shares
 * @param codeShare share of problems that ask for a program, 0 to 1
 */
public record GymConfig(List<String> languages, List<Double> levelWeights, List<String> families, double codeShare)
        implements Serializable {
    /** All seven languages of the paper (section 2.2.4), all levels alike, the family that a tiny policy can learn. */
    public static GymConfig defaults() {
        return new GymConfig(
                List.of("en", "fr", "es", "it", "de", "zh", "ru"),
                List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
                List.of("chain"),
                0.0);
    }

    /** Checks ranges. */
    public GymConfig {
        languages = List.copyOf(languages);
        levelWeights = List.copyOf(levelWeights);
        families = List.copyOf(families);
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
        if (families.isEmpty() && codeShare < 1) throw new IllegalArgumentException("gym.families is empty");
    }
}
