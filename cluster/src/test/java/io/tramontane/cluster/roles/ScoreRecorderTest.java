package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreRecorderTest {
    private static final Group GROUP = InProcessRun.sampled(0, 0);
    private static final RewardBreakdown UNSCORED = RewardBreakdown.unscored("no sandbox", 1);
    private static final RewardBreakdown WRONG = InProcessRun.reward(false);

    private final List<String> warnings = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final TrainingClock clock = new TrainingClock(1, 0, () -> 7);

    private ScoreRecorder recorder(int maxUnscored, int maxWithoutSignal) {
        return new ScoreRecorder(
                new ClusterConfig(
                        Count.of(1),
                        Count.of(1),
                        1,
                        1,
                        3,
                        60,
                        60,
                        60,
                        1e-3,
                        maxUnscored,
                        maxWithoutSignal,
                        DeviceChoice.CPU,
                        false,
                        false),
                new ScoreRecorder.Outlets(new StepWindow(), null, clock), // no evaluation comes in
                warnings::add,
                failures::add);
    }

    private static void wrong(ScoreRecorder recorder) {
        recorder.judged(GROUP, List.of(WRONG, WRONG));
        recorder.scored(new ScoredGroup(GROUP, List.of(WRONG, WRONG)), false);
    }

    @Test
    void groupsThatLostTheirPlaceCountAmongThoseWithoutSignal() {
        ScoreRecorder recorder = recorder(100, 3);
        recorder.judged(GROUP, List.of(UNSCORED, WRONG)); // one score has nothing to be compared with
        wrong(recorder);
        assertEquals(List.of(), failures);
        recorder.judged(GROUP, List.of(UNSCORED, UNSCORED));
        assertEquals(
                List.of("no group to train on: 3 groups in a row had no signal (cluster.maxGroupsWithoutSignal 3):"
                        + " 0.0 % all correct, 33.3 % all wrong, 66.7 % unscored; the last reward was 0.10, WRONG"),
                failures);
    }

    @Test
    void aWarningIsLeftOutWhileGroupsCannotBeScored() {
        ScoreRecorder recorder = recorder(100, 0);
        for (int i = 0; i < 63; i++) wrong(recorder);
        recorder.judged(GROUP, List.of(UNSCORED, UNSCORED));
        recorder.scored(new ScoredGroup(GROUP, List.of(WRONG, WRONG)), false);
        assertEquals(List.of(), warnings);
        for (int i = 0; i < 64; i++) wrong(recorder);
        assertEquals(
                List.of("no step can be made: 128 groups in a row got one reward for all their completions"
                        + " (the last one 0.10, WRONG)"),
                warnings);
        assertTrue(
                recorder.summary().startsWith("128 groups were scored, 0 of them with different rewards, 1 could not"));
    }
}
