package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Evidence;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import io.tramontane.trainer.StepReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepWindowTest {
    private static final StepReport REPORT = new StepReport(1, 0.125, 0.5, 0, 0, 1, 2e-4, 0, 0, 1e-9, 10, 30);
    private static final StepWindow.Idle IDLE = new StepWindow.Idle(0.1, 0.2, 0.9);

    private static Completion completion(boolean finished, int... versions) {
        return new Completion(
                new int[versions.length], new float[versions.length], versions, finished, "<think>a</think>b");
    }

    private static RewardBreakdown reward(double correctness) {
        Verdict verdict = correctness > 0 ? Verdict.CORRECT : Verdict.WRONG;
        return new RewardBreakdown(0.1, correctness, 0, 0, verdict, "", "", List.of(), 1);
    }

    private static ScoredGroup group(long id, double first, double second) {
        Group group = new Group(
                id,
                Problem.math("p" + id, "en", "1+1?", "2", Map.of()),
                new int[] {1},
                List.of(completion(true, 0, 0), completion(false, 0, 0, 1, 1)));
        return new ScoredGroup(group, List.of(reward(first), reward(second)));
    }

    @Test
    void droppedGroupsCountInTheRewardsAndTheShare() {
        StepWindow window = new StepWindow();
        window.scored(group(0, 0.9, 0), true);
        window.scored(group(1, 0, 0), false);
        window.taken(new Batch(1, List.of(group(0, 0.9, 0))));
        Map<String, Object> row = window.close(REPORT, false, 2, IDLE);
        assertEquals(0.125, row.get("objective"));
        assertEquals(0.325, (double) row.get("reward"), 1e-12); // (1.0 + 0.1 + 0.1 + 0.1) / 4
        assertEquals(0.225, (double) row.get("rewardCorrectness"), 1e-12);
        assertEquals(0.5, row.get("zeroSignalShare"));
        assertEquals(3.0, row.get("lengthMean")); // 2 and 4 tokens
        assertEquals(0.5, row.get("truncatedShare"));
        assertEquals(0.5, row.get("multiVersionShare"));
        assertEquals(15.0, row.get("tokensPerSecond")); // 30 tokens in 2 s
    }

    @Test
    void theRowCountsVerdictsAndHoldsTheSpreadOfRewardsAndLengths() {
        StepWindow window = new StepWindow();
        window.judged(List.of(reward(0.9), reward(0), reward(0), RewardBreakdown.unscored("no sandbox", 1)));
        window.scored(group(0, 0.9, 0), true);
        window.scored(group(1, 0, 0), false);
        Map<String, Object> row = window.close(REPORT, false, 2, IDLE);
        assertEquals(Map.of("CORRECT", 1, "WRONG", 2, "UNSCORED", 1), row.get("verdicts"));
        assertEquals(List.of(0.1, 0.1, 1.0), List.of(row.get("rewardP10"), row.get("rewardP50"), row.get("rewardP90")));
        assertEquals(List.of(2.0, 2.0, 4.0), List.of(row.get("lengthP10"), row.get("lengthP50"), row.get("lengthP90")));
        assertEquals(
                List.of(2, 4L, 30L), List.of(row.get("groups"), row.get("completions"), row.get("completionTokens")));
        assertEquals(Map.of(), window.close(REPORT, false, 2, IDLE).get("verdicts"));
    }

    @Test
    void unscoredCompletionsAreCountedThoughTheyLeftTheirGroups() {
        StepWindow window = new StepWindow();
        window.judged(List.of(reward(0.9), RewardBreakdown.unscored("no sandbox", 1), reward(0), reward(0)));
        window.judged(List.of(RewardBreakdown.unscored("no sandbox", 1), RewardBreakdown.unscored("no sandbox", 1)));
        assertEquals(0.5, window.close(REPORT, false, 1, IDLE).get("unscoredShare")); // 3 of 6
        window.judged(List.of(reward(0)));
        assertEquals(0.0, window.close(REPORT, false, 1, IDLE).get("unscoredShare"));
    }

    private static RewardBreakdown reward(Map<String, Double> extra, String... languages) {
        return new RewardBreakdown(0.1, 0, 0, 0, extra, Verdict.WRONG, "", "", Evidence.NONE, List.of(languages), 1);
    }

    @Test
    void theUsersOwnRewardsAndUndecidedPartsHaveTheirMeans() {
        Group group = group(0, 0, 0).group();
        StepWindow window = new StepWindow();
        window.scored(
                new ScoredGroup(
                        group,
                        List.of(
                                reward(Map.of("brevity", -0.5, "charm", 0.25), "fr", "fr", "und"),
                                reward(Map.of("brevity", -0.25), "fr", "und", "und"))),
                true);
        window.scored(new ScoredGroup(group, List.of(reward(Map.of()), reward(Map.of()))), true); // malformed
        Map<String, Object> row = window.close(REPORT, false, 1, IDLE);
        assertEquals(-0.1875, row.get("reward.brevity")); // -0.75 / 4
        assertEquals(0.0625, row.get("reward.charm"));
        assertEquals(0.5, row.get("languageUndecided")); // 3 of 6 parts
    }

    @Test
    void aStepThatIsReportedLateHasItsOwnBatch() {
        StepWindow window = new StepWindow();
        window.taken(new Batch(1, List.of(group(0, 0.9, 0)))); // one of two completions is of two versions
        window.taken(new Batch(2, List.of()));
        assertEquals(0.5, window.close(REPORT, false, 1, IDLE).get("multiVersionShare"));
        assertEquals(null, window.batch(1));
        assertEquals(2, window.batch(2).step());
    }

    @Test
    void theNextWindowStartsEmpty() {
        StepWindow window = new StepWindow();
        window.scored(group(0, 0.9, 0.9), false);
        window.taken(new Batch(1, List.of()));
        window.close(REPORT, false, 1, IDLE);
        window.scored(group(1, 0.9, 0), true);
        assertEquals(0.0, window.close(REPORT, false, 1, IDLE).get("zeroSignalShare"));
    }

    @Test
    void theMismatchIsTheCanarysWithLagAndTheTokensWithout() {
        StepWindow window = new StepWindow();
        window.taken(new Batch(1, List.of()));
        window.swapped(3e-8, 0.2);
        window.swapped(4e-8, 0.4);
        Map<String, Object> row = window.close(REPORT, false, 1, IDLE);
        assertEquals(4e-8, row.get("mismatchKl"));
        assertEquals(0.3, (double) row.get("weightSyncSeconds"), 1e-12);
        assertEquals(1e-9, window.close(REPORT, true, 1, IDLE).get("mismatchKl"));
    }
}
