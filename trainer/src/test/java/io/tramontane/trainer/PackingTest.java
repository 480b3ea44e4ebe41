package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.ScoredGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static ScoredGroup group(long id, int prompt, int... lengths) {
        List<Completion> completions = new ArrayList<>();
        for (int length : lengths)
            completions.add(new Completion(new int[length], new float[length], new int[length], true, ""));
        Problem problem = Problem.math("p" + id, "en", "?", "1", Map.of());
        return new ScoredGroup(
                new Group(id, problem, new int[prompt], completions),
                completions.stream().map(c -> TinyGroups.reward(0)).toList());
    }

    private static List<Integer> sizes(List<ScoredGroup> groups, int budget) {
        double[][] advantages =
                groups.stream().map(g -> new double[g.rewards().size()]).toArray(double[][]::new);
        return Packing.pack(groups, advantages, budget).stream()
                .map(m -> m.families().stream().mapToInt(f -> f.tokens()).sum())
                .toList();
    }

    @Test
    void thePromptIsCountedOnceForAGroupThatFits() {
        // 10 + 20 + 30 + 40 = 100 tokens, one microbatch
        assertEquals(List.of(100), sizes(List.of(group(1, 10, 20, 30, 40)), 100));
    }

    @Test
    void aGroupThatDoesNotFitIsCutLongestFirstAndPaysItsPromptAgain() {
        // longest first: 10 + 40 = 50 (30 more would be 80 > 70); then 10 + 30 + 20 = 60
        assertEquals(List.of(60, 50), sizes(List.of(group(1, 10, 20, 30, 40)), 70));
    }

    @Test
    void firstFitDecreasing() {
        // pieces 60, 50, 30, 20 into bins of 80: 60 | 50 | 50+30 | 60+20
        List<ScoredGroup> groups = List.of(group(1, 10, 10), group(2, 10, 50), group(3, 10, 20), group(4, 10, 40));
        assertEquals(List.of(80, 80), sizes(groups, 80));
    }

    @Test
    void aCompletionLongerThanTheBudgetGetsAMicrobatchOfItsOwn() {
        assertEquals(List.of(110, 30), sizes(List.of(group(1, 10, 100, 20)), 50));
    }
}
