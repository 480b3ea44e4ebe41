package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnscoredWatchTest {
    private static final RewardBreakdown UNSCORED = RewardBreakdown.unscored("reward a (X) failed: no table", 0);
    private static final RewardBreakdown MALFORMED = verdict(Verdict.FORMAT_ERROR);
    private static final RewardBreakdown WRONG = verdict(Verdict.WRONG);

    private final UnscoredWatch watch = new UnscoredWatch(3);

    private static RewardBreakdown verdict(Verdict verdict) {
        return new RewardBreakdown(0, 0, 0, 0, verdict, "", "", List.of(), 0);
    }

    private Optional<String> judged(RewardBreakdown... rewards) {
        return watch.judged(List.of(rewards));
    }

    @Test
    void soManyGroupsInARowWithoutScoresEndTheRunAndTheReasonIsNamed() {
        assertEquals(Optional.empty(), judged(UNSCORED, UNSCORED));
        assertEquals(Optional.empty(), judged(UNSCORED, UNSCORED));
        assertEquals(
                Optional.of("3 groups in a row could not be scored (cluster.maxUnscoredGroups 3), the last one because"
                        + " reward a (X) failed: no table"),
                judged(UNSCORED, UNSCORED));
    }

    @Test
    void aScoredGroupFillsTheBudgetUpAgain() {
        judged(UNSCORED, UNSCORED);
        judged(UNSCORED, UNSCORED);
        judged(UNSCORED, WRONG, WRONG);
        assertEquals(Optional.empty(), judged(UNSCORED, UNSCORED));
        assertEquals(", 3 could not be scored (the last one because reward a (X) failed: no table)", watch.summary());
    }

    @Test
    void completionsThatFailTheGateProveNothing() {
        judged(UNSCORED, MALFORMED, MALFORMED); // would be a scored group of two equal rewards
        judged(MALFORMED, MALFORMED);
        judged(UNSCORED, MALFORMED, WRONG); // one score is none: there is nothing to compare it with
        assertEquals(true, judged(MALFORMED, UNSCORED).isPresent());
    }

    @Test
    void anEvaluationOfOneCompletionCountsAsWell() {
        judged(UNSCORED);
        judged(WRONG);
        judged(UNSCORED);
        judged(UNSCORED);
        assertEquals(true, judged(UNSCORED).isPresent());
    }
}
