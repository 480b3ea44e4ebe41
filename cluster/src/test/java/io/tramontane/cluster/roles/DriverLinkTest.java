package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.PeerException;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.Problem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DriverLinkTest {
    private static final Messages.Pulse PULSE = new Messages.Pulse(0, 1);

    @TempDir
    Path folder;

    private InProcessRun run;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(2, 3));
    }

    @AfterEach
    void close() {
        run.close();
    }

    private DriverLink link() {
        return new DriverLink(run.plan(new ScriptedRoles()), GENERATOR);
    }

    @Test
    void aTaskIsUpAsSoonAsItsLinkIsOpen() {
        assertEquals(List.of("generator-0"), run.state.tasks().missing("generator", 1));
        try (DriverLink link = link()) {
            assertEquals(List.of(), run.state.tasks().missing("generator", 1));
            assertEquals(GENERATOR, link.me());
        }
    }

    @Test
    void groupsGoToTheDriverAndBatchesComeBack() {
        run.hello(VERIFIER, TRAINER);
        run.ask(Messages.STEPPED, run.stepped(0));
        try (DriverLink link = link()) {
            run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
            Messages.Leases leases =
                    link.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, 2, PULSE), Messages.Leases.class);
            assertEquals(2, leases.leases().size());
            link.put(
                    Messages.DELIVER,
                    new Messages.Deliver(GENERATOR, PULSE),
                    GroupArrow.toBytes(List.of(InProcessRun.sampled(0, 0), InProcessRun.sampled(1, 0))));
            assertEquals(
                    2,
                    run.state
                            .ledger()
                            .takeForScoring(VERIFIER, Kind.MATH, 4, Duration.ofSeconds(10))
                            .size());
            run.score(0);
            run.score(1);
            Sink.Memory answer = link.fetch(Messages.NEXT, run.next(1));
            assertEquals(
                    Messages.NextKind.BATCH,
                    answer.head(Messages.NextHead.class).kind());
            assertEquals(1, BatchArrow.fromBytes(answer.bytes()).step());
        }
    }

    @Test
    void anErrorNamesTheDriverTheCallAndTheVersion() {
        try (DriverLink link = link()) {
            link.at(7);
            PeerException refused =
                    assertThrows(PeerException.class, () -> link.ask("lend", PULSE, Messages.Done.class));
            assertTrue(refused.getMessage().startsWith("driver at 127.0.0.1:"), refused.getMessage());
            assertTrue(refused.getMessage().contains(", phase lend, policy version 7: "), refused.getMessage());
            assertTrue(refused.getMessage().endsWith("no action lend"), refused.getMessage());
        }
    }
}
