package io.tramontane.cluster.roles;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A whole group for a person: every completion with its advantage, and token by token the text, the log-probability at
 * sampling and the policy version. Only the first tokens of a completion are kept.
 *
 * <p>The advantage is the paper's A_i = r_i - mean of the group, before it is normalised over the minibatch.
 */
final class GroupSample {
    private static final int MOST_TOKENS = 600;
    private static final int MOST_COMPLETIONS = 32;

    private GroupSample() {}

    /** The row of the group whose rewards are spread most; {@code pieces} gives the text of each token. */
    static Optional<Map<String, Object>> of(Batch batch, Function<int[], List<String>> pieces) {
        return batch.groups().stream()
                .max(Comparator.comparingDouble(GroupSample::spread))
                .map(group -> of(group, pieces));
    }

    private static double spread(ScoredGroup group) {
        double mean = Arrays.stream(group.values()).average().orElse(0);
        return Arrays.stream(group.values())
                .map(reward -> (reward - mean) * (reward - mean))
                .average()
                .orElse(0);
    }

    private static Map<String, Object> of(ScoredGroup group, Function<int[], List<String>> pieces) {
        double[] rewards = group.values();
        double mean = Arrays.stream(rewards).average().orElse(0);
        List<Map<String, Object>> completions = new ArrayList<>();
        for (int i = 0; i < Math.min(rewards.length, MOST_COMPLETIONS); i++)
            completions.add(completion(
                    group.group().completions().get(i), group.rewards().get(i), rewards[i] - mean, pieces));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("group", group.group().id());
        row.put("problemId", group.group().problem().id());
        row.put("language", group.group().problem().language());
        row.put("statement", group.group().problem().statement());
        row.put("answer", group.group().problem().answer());
        row.put("size", rewards.length);
        row.put("completions", completions);
        return row;
    }

    private static Map<String, Object> completion(
            Completion completion, RewardBreakdown reward, double advantage, Function<int[], List<String>> pieces) {
        int kept = Math.min(MOST_TOKENS, completion.length());
        List<Double> logprobs = new ArrayList<>();
        List<List<Integer>> versions = new ArrayList<>();
        for (int t = 0; t < kept; t++) {
            logprobs.add(Math.round(100 * completion.behaviourLogprobs()[t]) / 100.0);
            int version = completion.versions()[t];
            if (t == 0 || version != completion.versions()[t - 1]) versions.add(List.of(t, version));
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("reward", reward.reward().orElseThrow());
        row.put("advantage", advantage);
        row.put("verdict", reward.verdict().name());
        row.put("reason", reward.reason());
        row.put("finished", completion.finished());
        row.put("length", completion.length());
        row.put("pieces", pieces.apply(Arrays.copyOf(completion.tokens(), kept)));
        row.put("logprobs", logprobs);
        row.put("versions", versions); // [first token, version] of each stretch
        return row;
    }
}
