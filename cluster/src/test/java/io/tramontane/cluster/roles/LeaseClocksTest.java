package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.ledger.LedgerListener;
import io.tramontane.cluster.ledger.Signal;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Group;
import io.tramontane.data.Problem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of a run with the default limits, and of an old one, by a clock that the test sets. */
class LeaseClocksTest {
    private static final Duration NOW = Duration.ofMillis(1);
    private static final Holder GENERATOR = new Holder("generator-0", 1);
    private static final Holder OTHER = new Holder("generator-1", 2);
    private static final Holder HUNG = new Holder("verifier-0", 3);
    private static final Holder IDLE = new Holder("verifier-1", 4);

    @TempDir
    Path folder;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds);
        }
    };
    private long seconds;
    private Ledger ledger;

    @BeforeEach
    void open() throws IOException {
        Config old = ConfigReader.read(
                InProcessRun.config(2, 3),
                Optional.empty(),
                List.of("cluster.leaseSeconds=600", "cluster.stallSeconds=300"));
        RunFolder run = new RunFolder(folder);
        run.makeParts();
        ledger = new Ledger(
                RunState.ledgerConfig(old),
                RunState.eventsFile(run),
                History.read(RunState.eventsFile(run)),
                0,
                new Ledger.Environment(new ArrowBatchStore(run), clock, new LedgerListener() {}, new Signal()));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private List<Long> lease(Holder generator, int most) {
        return ledger.lease(generator, () -> 0, most, NOW).stream()
                .map(Lease::group)
                .toList();
    }

    private List<Long> toScore(Holder verifier) {
        return ledger.takeForScoring(verifier, Kind.MATH, 4, NOW).stream()
                .map(Group::id)
                .toList();
    }

    @Test
    void aGroupOfAHungVerifierGoesToAnotherLongBeforeTheRunEnds() {
        lease(GENERATOR, 1);
        ledger.deliver(GENERATOR, InProcessRun.sampled(0, 0));
        assertEquals(List.of(0L), toScore(HUNG));
        seconds = 29;
        assertEquals(List.of(), toScore(IDLE));
        seconds = 30;
        assertEquals(List.of(0L), toScore(IDLE));
        assertTrue(30 < ClusterConfig.defaults().stallSeconds() / 2);
    }

    @Test
    void aGeneratorKeepsTheGroupsThatItReportsAndLosesTheOthersBeforeTheRunEnds() {
        assertEquals(List.of(0L, 1L), lease(GENERATOR, 2));
        for (seconds = 0; seconds <= 220; seconds += 10) ledger.holds(GENERATOR, List.of(1L)); // 0 was lost on the way
        seconds = 224;
        assertEquals(List.of(2L), lease(OTHER, 1)); // a new one
        seconds = 225;
        assertEquals(List.of(0L), lease(OTHER, 1));
        ledger.holds(GENERATOR, List.of(0L)); // too late
        seconds = 225 + 219;
        assertEquals(List.of(3L), lease(new Holder("generator-2", 5), 1));
        seconds = 225 + 220;
        assertEquals(List.of(1L), lease(new Holder("generator-2", 5), 1));
    }
}
