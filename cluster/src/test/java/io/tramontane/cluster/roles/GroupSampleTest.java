package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupSampleTest {
    private static ScoredGroup group(long id, double first, double second) {
        Completion swapped =
                new Completion(new int[] {5, 6, 7}, new float[] {-0.123f, -2, -0.5f}, new int[] {3, 3, 4}, true, "abc");
        Completion longOne = new Completion(new int[700], new float[700], new int[700], false, "x".repeat(700));
        Problem problem = Problem.math("p" + id, "en", "1+1?", "2", Map.of());
        return new ScoredGroup(
                new Group(id, problem, new int[] {1}, List.of(swapped, longOne)),
                List.of(reward(first), reward(second)));
    }

    private static RewardBreakdown reward(double correctness) {
        return new RewardBreakdown(0.1, correctness, 0, 0, Verdict.WRONG, "why", "", List.of(), 1);
    }

    private static List<String> ids(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(String::valueOf).toList();
    }

    @Test
    void theGroupThatTeachesMostIsShownWithAdvantagesTokensAndVersions() {
        Batch batch = new Batch(1, List.of(group(1, 0.1, 0), group(2, 0.9, 0), group(3, 0, 0.2)));
        Map<String, Object> row = GroupSample.of(batch, GroupSampleTest::ids).orElseThrow();
        assertEquals(2L, row.get("group"));
        List<?> completions = (List<?>) row.get("completions");
        Map<?, ?> first = (Map<?, ?>) completions.get(0);
        assertEquals(0.45, (double) first.get("advantage"), 1e-12); // 1.0 - (1.0 + 0.1) / 2
        assertEquals(List.of("5", "6", "7"), first.get("pieces"));
        assertEquals(List.of(-0.12, -2.0, -0.5), first.get("logprobs"));
        assertEquals(List.of(List.of(0, 3), List.of(2, 4)), first.get("versions"));
        Map<?, ?> second = (Map<?, ?>) completions.get(1);
        assertEquals(600, ((List<?>) second.get("pieces")).size());
        assertEquals(700, second.get("length"));
    }

    @Test
    void anEmptyBatchHasNone() {
        assertEquals(Optional.empty(), GroupSample.of(new Batch(1, List.of()), GroupSampleTest::ids));
    }
}
