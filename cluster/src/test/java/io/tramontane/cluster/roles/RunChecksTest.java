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

    @Test
    void aStallIsToldWithWhereEverythingIs() {
        StallCheck check = new StallCheck(2.5);
        assertEquals(Optional.empty(), check.check(Duration.ofMillis(2500), () -> fail("not asked for"), 0));
        assertEquals(
                Optional.of("no progress for 2 s (cluster.stallSeconds 2.5): version 4, evaluations open: 1"),
                check.check(Duration.ofMillis(2501), () -> "version 4", 1));
    }
}
