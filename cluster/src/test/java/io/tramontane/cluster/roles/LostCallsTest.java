package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.Address;
import io.tramontane.cluster.flight.PeerException;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.Problem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections to the driver that are cut, by a proxy in between. */
@Timeout(60)
class LostCallsTest {
    private static final Messages.Pulse PULSE = new Messages.Pulse(0, 1);

    @TempDir
    Path folder;

    private InProcessRun run;
    private CuttingProxy proxy;
    private DriverLink link;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(2, 3));
        run.hello(VERIFIER, TRAINER);
        run.ask(Messages.STEPPED, run.stepped(0));
        RunPlan plan = run.plan(new ScriptedRoles());
        proxy = new CuttingProxy(plan.driver().port());
        link = new DriverLink(
                new RunPlan(
                        plan.config(),
                        plan.policy(),
                        plan.roles(),
                        new Address("127.0.0.1", proxy.port(), plan.driver().certificate()),
                        plan.secret(),
                        plan.host(),
                        plan.runFolder()),
                GENERATOR);
        run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        proxy.close();
        run.close();
    }

    private Messages.Leases lease(int groups) {
        return link.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, groups, PULSE), Messages.Leases.class);
    }

    private List<Group> toScore() {
        return run.state.ledger().takeForScoring(VERIFIER, Kind.MATH, 4, Duration.ofMillis(1));
    }

    @Test
    void aConnectionThatIsCutBetweenTwoCallsIsMadeAgain() {
        assertEquals(1, lease(1).leases().size());
        proxy.cut();
        assertEquals(1, lease(1).leases().size());
        assertTrue(proxy.connections() > 1, proxy.connections() + " connections");
    }

    @Test
    void groupsWhoseAnswerIsLostAreSentAgainAndCountOnce() {
        lease(1);
        byte[] group = GroupArrow.toBytes(List.of(InProcessRun.sampled(0, 0)));
        proxy.cutWhenTheDriverAnswers();
        link.put(Messages.DELIVER, new Messages.Deliver(GENERATOR, PULSE), group);
        assertTrue(proxy.connections() > 1, proxy.connections() + " connections");
        link.put(Messages.DELIVER, new Messages.Deliver(GENERATOR, PULSE), group);
        assertEquals(1, toScore().size());
        assertEquals(1, run.state.tasks().done("generator-0"));
        run.score(0);
        run.score(0);
        assertEquals(List.of(), toScore());
        assertTrue(
                run.state.ledger().summary().contains(" 0 delivered, 1 ready"),
                run.state.ledger().summary());
    }

    @Test
    void whatTheDriverRefusesIsNotAskedAgain() {
        AtomicInteger tries = new AtomicInteger();
        PeerException refused = assertThrows(
                PeerException.class, () -> new Retry(Duration.ofSeconds(30), Duration.ofMillis(1)).run(() -> {
                    tries.incrementAndGet();
                    return link.ask("lend", PULSE, Messages.Done.class);
                }));
        assertTrue(refused.getMessage().endsWith("no action lend"), refused.getMessage());
        assertEquals(1, tries.get());
    }

    @Test
    void aDriverThatIsGoneIsGivenUp() {
        proxy.refuse();
        AtomicInteger tries = new AtomicInteger();
        assertThrows(PeerException.class, () -> new Retry(Duration.ofMillis(20), Duration.ofMillis(30)).run(() -> {
            tries.incrementAndGet();
            link.beat(new Messages.Beat(GENERATOR, new Messages.Doing("", true, 0, 0), List.of()));
            return null;
        }));
        assertEquals(2, tries.get());
    }
}
