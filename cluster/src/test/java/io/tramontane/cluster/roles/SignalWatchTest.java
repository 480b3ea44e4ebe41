package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignalWatchTest {
    private static final Completion ANY = new Completion(new int[1], new float[1], new int[1], true, "x");
    private static final ScoredGroup GROUP = new ScoredGroup(
            new Group(1, Problem.math("p", "en", "?", "2", Map.of()), new int[] {1}, List.of(ANY, ANY)),
            List.of(malformed(), malformed()));

    private static RewardBreakdown malformed() {
        return new RewardBreakdown(0, 0, 0, 0, Verdict.FORMAT_ERROR, "no <think>", "", List.of(), 1);
    }

    @Test
    void sixtyFourGroupsInARowWithoutSignalAreSaidAndWhy() {
        SignalWatch watch = new SignalWatch(0);
        for (int i = 0; i < 63; i++) assertEquals(Optional.empty(), watch.scored(GROUP, false));
        assertEquals(
                Optional.of("no step can be made: 64 groups in a row got one reward for all their completions"
                        + " (the last one 0.00, FORMAT_ERROR: no <think>)"),
                watch.scored(GROUP, false));
    }

    @Test
    void oneGroupWithSignalBeginsTheCountAgain() {
        SignalWatch watch = new SignalWatch(0);
        for (int i = 0; i < 63; i++) watch.scored(GROUP, false);
        assertEquals(Optional.empty(), watch.scored(GROUP, true));
        assertEquals(Optional.empty(), watch.scored(GROUP, false));
    }

    private static ScoredGroup group(RewardBreakdown... rewards) {
        return new ScoredGroup(GROUP.group(), List.of(rewards));
    }

    private static RewardBreakdown verdict(Verdict verdict) {
        return new RewardBreakdown(0.1, 0, 0, 0, verdict, "3 is not 2", "", List.of(), 1);
    }

    @Test
    void eightGroupsInARowWithoutSignalEndARunAndItSaysWhy() {
        SignalWatch watch = new SignalWatch(8);
        RewardBreakdown right = verdict(Verdict.CORRECT);
        RewardBreakdown wrong = verdict(Verdict.WRONG);
        for (int i = 0; i < 4; i++) watch.scored(group(wrong, wrong), false);
        watch.scored(group(right, right), false);
        watch.unscored();
        watch.unscored();
        assertEquals(Optional.empty(), watch.exhausted());
        watch.scored(GROUP, false);
        assertEquals(
                Optional.of("no group to train on: 8 groups in a row had no signal (cluster.maxGroupsWithoutSignal 8):"
                        + " 12.5 % all correct, 62.5 % all wrong, 25.0 % unscored;"
                        + " the last reward was 0.00, FORMAT_ERROR: no <think>"),
                watch.exhausted());
    }

    @Test
    void aGroupWithSignalBeginsTheRowAgain() {
        SignalWatch watch = new SignalWatch(2);
        watch.scored(GROUP, false);
        watch.scored(GROUP, true);
        watch.unscored();
        assertEquals(Optional.empty(), watch.exhausted());
    }

    @Test
    void rightAndWrongAnswersWithOneRewardAreNamedApart() {
        SignalWatch watch = new SignalWatch(1);
        watch.scored(group(verdict(Verdict.CORRECT), verdict(Verdict.WRONG)), false);
        assertEquals(
                Optional.of("no group to train on: 1 groups in a row had no signal (cluster.maxGroupsWithoutSignal 1):"
                        + " 0.0 % all correct, 0.0 % all wrong, 100.0 % right and wrong with the same reward,"
                        + " 0.0 % unscored; the last reward was 0.10, CORRECT: 3 is not 2"),
                watch.exhausted());
    }

    @Test
    void withALimitOfNoneARunGoesOnForEver() {
        SignalWatch watch = new SignalWatch(0);
        for (int i = 0; i < 10_000; i++) watch.unscored();
        assertEquals(Optional.empty(), watch.exhausted());
    }
}
