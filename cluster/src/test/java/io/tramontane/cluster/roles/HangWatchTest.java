package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.ledger.Holder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A clock of seconds that the test sets; the driver looks every second. */
class HangWatchTest {
    private static final Holder GENERATOR = new Holder("generator-0", 1);

    private long now;
    private final HangWatch watch = new HangWatch(() -> now * 1_000_000_000L);

    private void beat(Holder holder, String text, boolean waits, long moved, double cpuSeconds) {
        watch.beat(new Messages.Beat(
                holder, new Messages.Doing(text, waits, moved, (long) (cpuSeconds * 1e9)), List.of()));
    }

    private List<String> look() {
        return watch.hung().stream().map(HangWatch.Hang::why).toList();
    }

    @Test
    void aTaskWithoutHeartbeatsIsNamedAfterThirteenSeconds() {
        beat(GENERATOR, "decodes with version 12", false, 7, 1);
        for (now = 1; now <= 12; now++) assertEquals(List.of(), look(), "after " + now);
        assertEquals(
                List.of("generator-0 gives no heartbeat for 13 s; the last it said: decodes with version 12"), look());
    }

    @Test
    void aThreadThatNeitherMovesNorComputesHangs() {
        for (now = 0; now <= 15; now++) {
            beat(GENERATOR, "decodes with version 12", false, 7, 1 + now * 0.001); // a loop that polls
            assertEquals(List.of(), look(), "after " + now);
        }
        beat(GENERATOR, "decodes with version 12", false, 7, 1.016);
        assertEquals(
                List.of(
                        "generator-0 hangs: no progress and no CPU time for 16 s; the last it said: decodes with version"
                                + " 12"),
                look());
    }

    @Test
    void aLongComputationAndADeclaredWaitAreLeftAlone() {
        Holder verifier = new Holder("verifier-0", 2);
        for (now = 0; now <= 600; now++) {
            beat(GENERATOR, "decodes with version 12", false, 7, now * 0.02); // a fiftieth of a busy core
            beat(verifier, "waits for groups", true, 3, 1);
            assertEquals(List.of(), look(), "after " + now);
        }
    }

    @Test
    void trainersAreAliveWhileOneOfThemComputes() {
        Holder first = new Holder("trainer-0", 3);
        Holder second = new Holder("trainer-1", 4);
        for (now = 0; now <= 40; now++) {
            beat(first, "trains step 5", false, 1, 1); // waits for the second in an exchange
            beat(second, "trains step 5", false, 1, now);
            assertEquals(List.of(), look(), "after " + now);
        }
        for (; now <= 55; now++) {
            beat(first, "trains step 5", false, 1, 1);
            beat(second, "trains step 5", false, 1, 40);
            assertEquals(List.of(), look(), "after " + now);
        }
        beat(first, "trains step 5", false, 1, 1);
        beat(second, "trains step 5", false, 1, 40);
        assertEquals(2, look().size());
    }

    @Test
    void anotherAttemptAndADriverThatWasAwayStartTheTimeAnew() {
        beat(GENERATOR, "decodes", false, 7, 1);
        for (now = 1; now <= 12; now++) look();
        beat(new Holder("generator-0", 9), "decodes", false, 7, 1);
        for (; now <= 24; now++) assertEquals(List.of(), look(), "after " + now);
        now = 500; // the driver was stopped
        assertEquals(List.of(), look());
        for (; now <= 512; now++) assertEquals(List.of(), look(), "after " + now);
        assertEquals(1, look().size());
        watch.gone("generator-0");
        assertEquals(List.of(), look());
    }

    @Test
    void timeWithoutComputationCountsFromTheLastBusyGeneratorOrTrainer() {
        Holder trainer = new Holder("trainer-0", 2);
        Holder verifier = new Holder("verifier-0", 3);
        beat(trainer, "saves", true, 1, 0);
        beat(verifier, "scores", false, 1, 0);
        now = 10;
        beat(trainer, "saves", true, 1, 1.5); // 1.5 s of 10: it writes, though it waits for the disk as well
        assertEquals(0, watch.sinceComputed().toSeconds());
        now = 20;
        beat(trainer, "waits for a batch", true, 2, 2.4); // 0.9 s of 10: it only asks
        beat(verifier, "scores", false, 1, 20);
        assertEquals(10, watch.sinceComputed().toSeconds());
    }
}
