package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScoreClockTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();

    /** Reading the heap takes five seconds. */
    private final ScoreClock clock = new ScoreClock(100, now::get, () -> now.addAndGet(5 * SECOND));

    @Test
    void readingTheHeapIsNoPartOfTheTime() {
        clock.at(0); // reads until 5
        now.addAndGet(2 * SECOND);
        clock.at(50); // at 7, reads until 12
        now.addAndGet(SECOND);
        clock.at(100); // at 13, reads until 18: behind the end
        assertEquals(3, clock.seconds());
    }

    @Test
    void aJobThatIsFinishedAtItsFirstReportTookNoTime() {
        clock.at(100);
        assertEquals(0, clock.seconds());
    }
}
