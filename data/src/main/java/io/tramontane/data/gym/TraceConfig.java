package io.tramontane.data.gym;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the traces of the cold start look like: first clean, so that arithmetic is learned, then with faults, so that
 * reinforcement learning has something to find. Random faults vanish under greedy decoding; only faults that are the
 * majority in some context (guesses at high levels, English thoughts for Chinese) show at temperature 0.
 *
 * @param cleanShare share of the training time that is clean, 0 to 1
 * @param cleanGuessShare share of guesses among clean traces, at any level
 * @param earlyUntil share of the training time in which {@code earlyDrillShare} holds
 * @param earlyDrillShare share of the examples that are arithmetic drills, in the beginning
 * @param drillShare the same, for the rest of the clean time
 * @param faultyDrillShare the same, for the faulty time
 * @param drillLength sums in one drill
 * @param levelShares relative share of level 1, 2, ...
 * @param guessShares share of guesses instead of steps among faulty traces, for level 1, 2, ...
 * @param slipShare share of steps with a wrong result (off by 1, 2 or 10), which is carried on
 * @param foreignSlipShare the same where the thought is not in the language of the question: a step that is also a
 *     translation is wrong more often
 * @param foreignShares share of thoughts in another language, by language of the question; 0 where not named
 * @param englishShare how many of those foreign thoughts are English (questions in English take any other language)
 * @param foreignAnswerShare share of answers in a random other language
 * @param brokenShare share of completions without {@code <think>}, without {@code </think>} or without a box
 */
public record TraceConfig(
        double cleanShare,
        double cleanGuessShare,
        double earlyUntil,
        double earlyDrillShare,
        double drillShare,
        double faultyDrillShare,
        int drillLength,
        List<Double> levelShares,
        List<Double> guessShares,
        double slipShare,
        double foreignSlipShare,
        Map<String, Double> foreignShares,
        double englishShare,
        double foreignAnswerShare,
        double brokenShare)
        implements Serializable {

    /** The recipe that the tiny policy was found to learn from; every figure is ours, the paper has no cold start. */
    public static TraceConfig defaults() {
        return new TraceConfig(
                0.65,
                0.1,
                0.25,
                0.6,
                0.3,
                0.1,
                12,
                List.of(0.25, 0.25, 0.25, 0.15, 0.08, 0.02),
                List.of(0.15, 0.30, 0.50, 0.75, 0.90, 0.95),
                0.06,
                0.15,
                Map.of("en", 0.05, "fr", 0.10, "es", 0.10, "it", 0.15, "de", 0.20, "zh", 0.60, "ru", 0.55),
                0.8,
                0.06,
                0.06);
    }

    /** Checks ranges. */
    public TraceConfig {
        share("cleanShare", cleanShare);
        share("cleanGuessShare", cleanGuessShare);
        share("earlyUntil", earlyUntil);
        share("earlyDrillShare", earlyDrillShare);
        share("drillShare", drillShare);
        share("faultyDrillShare", faultyDrillShare);
        if (drillLength < 2) throw new IllegalArgumentException("traces.drillLength " + drillLength + ", allowed >= 2");
        levelShares = List.copyOf(levelShares);
        guessShares = List.copyOf(guessShares);
        if (levelShares.isEmpty() || levelShares.size() > 6 || guessShares.size() != levelShares.size())
            throw new IllegalArgumentException("traces.levelShares has " + levelShares.size()
                    + " numbers and traces.guessShares " + guessShares.size() + ", allowed 1 to 6 and equal");
        for (double level : levelShares) share("levelShares", level);
        if (levelShares.stream().allMatch(level -> level == 0))
            throw new IllegalArgumentException("traces.levelShares are all 0");
        for (double guess : guessShares) share("guessShares", guess);
        share("slipShare", slipShare);
        share("foreignSlipShare", foreignSlipShare);
        foreignShares = Collections.unmodifiableMap(new TreeMap<>(foreignShares));
        for (double foreign : foreignShares.values()) share("foreignShares", foreign);
        share("englishShare", englishShare);
        share("foreignAnswerShare", foreignAnswerShare);
        share("brokenShare", brokenShare);
    }

    private static void share(String key, double value) {
        if (!(value >= 0 && value <= 1))
            throw new IllegalArgumentException("traces." + key + " " + value + ", allowed 0 to 1");
    }

    /** True while traces are clean; {@code progress} is the share of the training time that is over. */
    boolean clean(double progress) {
        return progress < cleanShare;
    }

    /** Share of drills at this point of the training time. */
    double drillShareAt(double progress) {
        if (!clean(progress)) return faultyDrillShare;
        return progress < earlyUntil ? earlyDrillShare : drillShare;
    }
}
