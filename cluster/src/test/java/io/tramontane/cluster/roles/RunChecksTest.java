package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunChecksTest {
    @Test
    void aMismatchAboveTheLimitIsToldWithItsPlace() {
        MismatchCheck check = new MismatchCheck(0.001);
        assertEquals(Optional.empty(), check.check("trained tokens", 3, 0.001));
        assertEquals(
                Optional.of("generator and trainer disagree: mean KL 0.002 on the trained tokens at policy version 3,"
                        + " cluster.maxMismatchKl allows 0.001"),
                check.check("trained tokens", 3, 0.002));
    }

    @Test
    void aMismatchThatIsNoNumberIsAboveEveryLimit() {
        assertEquals(
                Optional.of("generator and trainer disagree: mean KL NaN on the trained tokens at policy version 3,"
                        + " cluster.maxMismatchKl allows 0.001"),
                new MismatchCheck(0.001).check("trained tokens", 3, Double.NaN));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(1000 * seconds));
    }

    @Test
    void aStallIsToldWithWhereEverythingIs() {
        StallCheck check = new StallCheck(2.5);
        assertEquals(Optional.empty(), check.check(seconds(2.5), seconds(99), () -> fail("not asked for"), 0));
        assertEquals(
                Optional.of("no progress for 2 s (cluster.stallSeconds 2.5): version 4, evaluations open: 1"),
                check.check(seconds(2.501), seconds(2.501), () -> "version 4", 1));
    }

    @Test
    void aLongComputationIsNoStallUntilTenTimesTheLimit() {
        StallCheck check = new StallCheck(2.5);
        assertEquals(Optional.empty(), check.check(seconds(25), seconds(0), () -> fail("not asked for"), 0));
        assertEquals(
                Optional.of("no progress for 25 s (cluster.stallSeconds 2.5, 10 times that while a generator or trainer"
                        + " computes): version 4, evaluations open: 0"),
                check.check(seconds(25.001), seconds(0), () -> "version 4", 0));
    }
}
