package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void anIntervalOfThreeStepsBeginsWithTheUntrainedPolicy() {
        Interval three = new Interval(3);
        assertEquals(
                List.of(0, 3, 6),
                IntStream.range(0, 8).filter(three::includes).boxed().toList());
    }

    @Test
    void anIntervalOfNoStepsIsRefused() {
        assertEquals(
                "interval of 0 steps, allowed >= 1",
                assertThrows(IllegalArgumentException.class, () -> new Interval(0))
                        .getMessage());
    }
}
