package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone")
class ProgramCostsTest {
    @Test
    void aProgramThatDoesNotEndIsNamedAndEnded() {
        Duration limit = Duration.ofMillis(50);
        List<String> command = List.of("/bin/sleep", "600.125");
        IOException late = assertThrows(IOException.class, () -> ProgramCosts.millis(command, limit));
        assertEquals(
                "the program that is timed without a sandbox, /bin/sleep 600.125, has not ended after 0.05 s",
                late.getMessage());
    }

    @Test
    void aProgramThatFailsSaysWhyWhetherOrNotItReadItsInput() {
        List<String> command = List.of("/bin/sh", "-c", "exec <&-; echo no interpreter >&2; exit 3");
        IOException failed =
                assertThrows(IOException.class, () -> ProgramCosts.millis(command, Duration.ofSeconds(60)));
        assertTrue(
                failed.getMessage().endsWith(" ended with exit code 3 and said: no interpreter\n"),
                failed.getMessage());
    }

    @Test
    void aProgramIsTimedToItsEnd() throws Exception {
        double millis = ProgramCosts.millis(List.of("/bin/sleep", "0.1"), Duration.ofSeconds(60));
        assertTrue(millis >= 100 && millis < 60_000, millis + " ms");
    }
}
