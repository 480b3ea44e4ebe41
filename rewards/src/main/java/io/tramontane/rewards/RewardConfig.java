package io.tramontane.rewards;

import io.tramontane.data.ThinkTags;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a completion is paid for (paper section 2.2).
 *
 * @param weights how much each part adds to the reward
 * @param maxLength l_max in tokens: from here on the length penalty has its full weight
 * @param lengthCache l_cache in tokens: the penalty grows from 0 over the last lengthCache tokens before maxLength; at
 *     most maxLength
 * @param lengthSchedule other values of the two, by the step from which they hold; see {@link LengthSchedule}
 * @param languages the languages that the classifier chooses among, codes of fastText's lid.176
 * @param foreignShare how much of a part may be in another language than the part as a whole; 1 is the paper's rule: one
 *     label for each part and nothing else
 * @param latexWords words in the arguments of LaTeX commands outside of formulas, as in {@code \text{...}}, count for the
 *     language; false is the paper's rule: LaTeX is removed with its contents
 * @param thinkTags how the policy marks its thoughts; as the chat template asks for by default, and nothing else than that
 * @param extra rewards that the user adds, by name: class, weight and the class's own options
 * @param tests how many tests of a code problem are drawn, the same for a whole group
 * @param testSeconds CPU seconds a test may take
 * @param memoryMegabytes memory a test may take
 * @param compileSeconds time the compiler may take
 * @param partialCredit a code problem's correctness is the share of its tests that pass (the paper tried it, section
 *     7.4.1); false: all or nothing
 */
public record RewardConfig(
        RewardWeights weights,
        int maxLength,
        int lengthCache,
        Map<String, Map<String, Integer>> lengthSchedule,
        List<String> languages,
        double foreignShare,
        boolean latexWords,
        ThinkTags thinkTags,
        Map<String, Map<String, String>> extra,
        int tests,
        int testSeconds,
        int memoryMegabytes,
        int compileSeconds,
        boolean partialCredit)
        implements Serializable {
    /** 20 tests, 4 s, 300 MB, 10 s to compile (paper section 2.2.2). */
    public static RewardConfig defaults() {
        return new RewardConfig(1024, 256, List.of("en", "fr", "es", "it", "de", "zh", "ru"), 20, 4, 300, 10);
    }

    /** One length for the whole run, no rewards of the user's own, and the paper's weights and rules. */
    public RewardConfig(
            int maxLength,
            int lengthCache,
            List<String> languages,
            int tests,
            int testSeconds,
            int memoryMegabytes,
            int compileSeconds) {
        this(
                RewardWeights.defaults(),
                maxLength,
                lengthCache,
                Map.of(),
                languages,
                1,
                false,
                ThinkTags.CHAT,
                Map.of(),
                tests,
                testSeconds,
                memoryMegabytes,
                compileSeconds,
                false);
    }

    /** Checks ranges. */
    public RewardConfig {
        lengthSchedule = Collections.unmodifiableMap(new TreeMap<>(lengthSchedule));
        languages = List.copyOf(languages);
        extra = Collections.unmodifiableMap(new TreeMap<>(extra));
        new LengthSchedule(new LengthPenalty(maxLength, lengthCache, weights.length()), lengthSchedule);
        if (languages.size() < 2) throw new IllegalArgumentException("rewards.languages needs at least 2");
        for (String language : languages) LanguageCodes.check("rewards.languages", language);
        if (!(foreignShare >= 0 && foreignShare <= 1))
            throw new IllegalArgumentException("rewards.foreignShare " + foreignShare + ", allowed 0 to 1");
        extra.forEach(ExtraReward::of);
        if (tests < 1) throw new IllegalArgumentException("rewards.tests " + tests + ", allowed >= 1");
        if (testSeconds < 1)
            throw new IllegalArgumentException("rewards.testSeconds " + testSeconds + ", allowed >= 1");
        if (memoryMegabytes < 32)
            throw new IllegalArgumentException("rewards.memoryMegabytes " + memoryMegabytes + ", allowed >= 32");
        if (compileSeconds < 1)
            throw new IllegalArgumentException("rewards.compileSeconds " + compileSeconds + ", allowed >= 1");
    }

    /** The same for a policy that marks its thoughts so. */
    public RewardConfig withThinkTags(ThinkTags tags) {
        return new RewardConfig(
                weights,
                maxLength,
                lengthCache,
                lengthSchedule,
                languages,
                foreignShare,
                latexWords,
                tags,
                extra,
                tests,
                testSeconds,
                memoryMegabytes,
                compileSeconds,
                partialCredit);
    }

    /** The same with other stages of the length penalty. */
    public RewardConfig withLengthSchedule(Map<String, Map<String, Integer>> stages) {
        return new RewardConfig(
                weights,
                maxLength,
                lengthCache,
                stages,
                languages,
                foreignShare,
                latexWords,
                thinkTags,
                extra,
                tests,
                testSeconds,
                memoryMegabytes,
                compileSeconds,
                partialCredit);
    }

    /** Longest wall-clock time, on a busy machine, of one compilation, one test or the test code of a function. */
    public Duration longestProgramTime() {
        return Sandbox.Limits.wall(Math.max(compileSeconds, FunctionRunner.TESTS * testSeconds));
    }

    LengthSchedule length() {
        return new LengthSchedule(new LengthPenalty(maxLength, lengthCache, weights.length()), lengthSchedule);
    }

    List<ExtraReward> extraRewards() {
        return extra.entrySet().stream()
                .map(e -> ExtraReward.of(e.getKey(), e.getValue()))
                .toList();
    }

    /** Refuses rewards of the user's own that cannot be made here, as bad input. Quick, and logs nothing. */
    public void checkClasses() {
        new ExtraRewards(extraRewards());
    }

    /** l_max and l_cache by the first step for which groups are sampled with them. */
    public Map<Integer, LengthPenalty> lengthStages() {
        return length().stages();
    }

    /** l_max for groups that are sampled for this step. */
    public int maxLengthAt(int step) {
        return length().at(step).maxLength();
    }
}
