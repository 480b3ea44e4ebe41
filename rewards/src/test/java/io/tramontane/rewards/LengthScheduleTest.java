package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LengthScheduleTest {
    /** The paper's stages with an l_cache of 4,000, in units of a thousand tokens. */
    private final LengthSchedule schedule = new LengthSchedule(
            new LengthPenalty(20, 4, 0.1),
            Map.of("300", Map.of("maxLength", 36), "50", Map.of("maxLength", 28, "lengthCache", 4)));

    private double penalty(int step, int tokens) {
        Problem problem = Problem.math("p", "en", "1+1?", "2", Map.of());
        Judged.Text text = new Judged.Text("", "", "", "2", tokens);
        return schedule.of(new Judged(problem, step, text, Verdict.CORRECT, 1, List.of("en", "en", "und")));
    }

    @Test
    void eachStageHoldsFromItsStepOn() {
        assertEquals(-0.05, penalty(49, 18), 1e-12); // 2 of the 4 before 20
        assertEquals(0.0, penalty(50, 24)); // up to 28 - 4
        assertEquals(-0.025, penalty(50, 25), 1e-12); // 1 of 4
        assertEquals(-0.1, penalty(299, 29), 1e-12);
        assertEquals(0.0, penalty(300, 29)); // up to 36 - 4: the cache stays as it was
        assertEquals(-0.1, penalty(100_000, 36), 1e-12);
    }

    @Test
    void outsideTrainingTheFirstStageHolds() {
        assertEquals(-0.1, penalty(0, 20), 1e-12);
        assertEquals(0.0, penalty(0, -1)); // unknown length
    }

    @Test
    void theStagesCanBeListed() {
        assertEquals(List.of(1, 50, 300), List.copyOf(schedule.stages().keySet()));
        assertEquals(new LengthPenalty(36, 4, 0.1), schedule.stages().get(300));
    }

    @Test
    void impossibleStagesAreRefused() {
        refused("rewards.lengthSchedule.5.lengthCache 4, allowed 1 to 3", "5", Map.of("maxLength", 3));
        refused("rewards.lengthSchedule.5.maxlength: allowed maxLength and lengthCache", "5", Map.of("maxlength", 30));
        refused("rewards.lengthSchedule.zero: the key is a step, allowed >= 1", "zero", Map.of("maxLength", 30));
        refused("rewards.lengthSchedule.0: the key is a step, allowed >= 1", "0", Map.of("maxLength", 30));
    }

    private static void refused(String message, String from, Map<String, Integer> stage) {
        LengthPenalty first = new LengthPenalty(20, 4, 0.1);
        Map<String, Map<String, Integer>> schedule = Map.of(from, stage);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> new LengthSchedule(first, schedule))
                        .getMessage());
    }
}
