package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        SignalWatch watch = new SignalWatch();
        for (int i = 0; i < 63; i++) assertEquals(Optional.empty(), watch.scored(GROUP, false));
        assertEquals(
                Optional.of("no step can be made: 64 groups in a row got one reward for all their completions"
                        + " (the last one 0.00, FORMAT_ERROR: no <think>)"),
                watch.scored(GROUP, false));
    }

    @Test
    void oneGroupWithSignalBeginsTheCountAgain() {
        SignalWatch watch = new SignalWatch();
        for (int i = 0; i < 63; i++) watch.scored(GROUP, false);
        assertEquals(Optional.empty(), watch.scored(GROUP, true));
        assertEquals(Optional.empty(), watch.scored(GROUP, false));
    }

    @Test
    void theClockStartsWithTheFirstGroup() {
        SignalWatch watch = new SignalWatch();
        assertEquals(-1, watch.since());
        watch.scored(GROUP, false);
        long first = watch.since();
        assertTrue(first > 0);
        watch.scored(GROUP, true);
        assertEquals(first, watch.since());
    }
}
