package io.tramontane.cluster.report;

import java.util.List;
import java.util.Map;

/**
 * The names in metrics.jsonl and TensorBoard, which people's scripts read. Shares are in [0, 1], lag is in policy
 * versions, lengths in tokens, times in seconds. A row may hold more; {@code forced} stands in the eval row of step 0.
 */
final class MetricNames {
    /** Before the name of a reward that the user added; only rows of runs with such rewards have them. */
    static final String EXTRA = "reward.";

    /** One row a step, kind "train". */
    static final List<String> TRAIN = List.of(
            "step",
            "policyVersion",
            "reward",
            "rewardFormat",
            "rewardCorrectness",
            "rewardLength",
            "rewardLanguage",
            "languageUndecided",
            "lengthMean",
            "truncatedShare",
            "maxLength",
            "unscoredShare",
            "objective",
            "entropy",
            "clipLowShare",
            "clipHighShare",
            "mismatchKl",
            "lagMean",
            "lagMax",
            "multiVersionShare",
            "zeroSignalShare",
            "gradNorm",
            "learningRate",
            "tokensPerSecond",
            "generatorIdle",
            "trainerIdle",
            "verifierIdle",
            "weightSyncSeconds",
            "seconds");

    /** One row an evaluation, kind "eval": held-out problems, greedy. */
    static final List<String> EVAL = List.of(
            "step",
            "problems",
            "correctness",
            "languageConsistency",
            "formatOk",
            "lengthMean",
            "byLanguage",
            "byLevel",
            "languageByLanguage");

    /** The last row, kind "end". */
    static final List<String> END = List.of("ledger", "trainSeconds", "reason");

    private MetricNames() {}

    /** Refuses a row that lacks a name; a value may be null where nothing was measured. */
    static void check(Map<String, Object> row) {
        Object kind = row.get("kind");
        for (String name : namesOf(kind)) {
            if (!row.containsKey(name))
                throw new IllegalArgumentException("metrics row of kind " + kind + " lacks " + name + ": " + row);
        }
    }

    private static List<String> namesOf(Object kind) {
        if ("train".equals(kind)) return TRAIN;
        if ("eval".equals(kind)) return EVAL;
        if ("end".equals(kind)) return END;
        throw new IllegalArgumentException("metrics row kind " + kind + ", allowed train, eval, end");
    }
}
