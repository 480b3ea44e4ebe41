package io.tramontane.app.bench;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Batches of random tokens, the same for a step in every process. */
record RandomBatches(RankTask task) {
    Batch of(int step) {
        Random random = new Random(step);
        List<ScoredGroup> groups = new ArrayList<>();
        for (int g = 0; g < task.groups(); g++) groups.add(group((long) step * task.groups() + g, random));
        return new Batch(step, groups);
    }

    private ScoredGroup group(long id, Random random) {
        int vocabulary = task.config().vocabulary();
        List<Completion> completions = new ArrayList<>();
        List<RewardBreakdown> rewards = new ArrayList<>();
        for (int i = 0; i < task.groupSize(); i++) {
            int most = task.completionTokens();
            int length = i == 0 ? most : most - random.nextInt((most + 1) / 2);
            float[] behaviour = new float[length];
            for (int t = 0; t < length; t++)
                behaviour[t] = (float) (-Math.log(vocabulary) + 0.1 * random.nextGaussian());
            int[] tokens = random.ints(length, 0, vocabulary).toArray();
            completions.add(new Completion(tokens, behaviour, new int[length], true, ""));
            rewards.add(reward(i % 2 == 0 ? 0.9 : 0));
        }
        Problem problem = Problem.math("p" + id, "en", "1+1?", "2", Map.of());
        int[] prompt = random.ints(task.promptTokens(), 0, vocabulary).toArray();
        return new ScoredGroup(new Group(id, problem, prompt, completions), rewards);
    }

    private static RewardBreakdown reward(double correctness) {
        return new RewardBreakdown(
                0.1, correctness, 0, 0, RewardBreakdown.Verdict.CORRECT, "", "", List.of("en", "en", "en"), 0);
    }
}
