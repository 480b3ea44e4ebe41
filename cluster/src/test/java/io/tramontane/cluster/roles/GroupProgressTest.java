package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupProgressTest {
    private long now;
    private final GroupProgress progress = new GroupProgress(() -> now, Duration.ofNanos(180));

    @Test
    void aGroupOfMathsIsToldOnceForEachProgress() {
        progress.note(3);
        progress.note(3);
        assertEquals(List.of(3L), progress.take());
        assertEquals(List.of(), progress.take());
    }

    @Test
    void aGroupOfProgramsIsToldWhileOneProgramMayStillRun() {
        progress.begin(7);
        now = 179;
        assertEquals(List.of(7L), progress.take());
        progress.note(7);
        now = 179 + 179;
        assertEquals(List.of(7L), progress.take());
        assertEquals(List.of(7L), progress.take());
        now = 179 + 180;
        assertEquals(List.of(), progress.take());
        progress.begin(8);
        progress.end(8);
        assertEquals(List.of(), progress.take());
    }
}
