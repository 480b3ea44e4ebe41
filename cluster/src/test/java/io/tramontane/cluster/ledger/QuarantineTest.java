package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Group;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that ends its holder's process is found and set aside. Four groups a batch. */
class QuarantineTest {
    private static final Holder GENERATOR = new Holder("generator-0", 0);

    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();
    private LedgerState ledger;
    private int attempt;

    @BeforeEach
    void open() {
        open(1);
    }

    private void open(int maxLag) {
        LedgerListener listener = new LedgerListener() {
            @Override
            public void poisoned(long group, String problem, Holder holder) {
                heard.add(group + " poisoned " + holder.name());
            }

            @Override
            public void evaluated(Group group, List<RewardBreakdown> rewards) {
                heard.add(group.id() + " evaluated " + rewards.get(0).verdict());
            }

            @Override
            public void notCompared(int step) {
                heard.add("step " + step + " not compared");
            }
        };
        History history = History.read(events());
        ledger = new LedgerState(
                new LedgerConfig(4, maxLag, 1, Duration.ofMillis(100), Duration.ofMillis(50)),
                new EventLog(events(), history.chain()),
                new Given.Memory(),
                listener,
                history);
        ledger.open(0, 0);
    }

    private LocalStorage events() {
        return new LocalStorage(folder.resolve("events.jsonl"));
    }

    private Holder verifier() {
        return new Holder("verifier-0", attempt);
    }

    private List<Long> take(int max) {
        return ledger.takeForScoring(0, verifier(), Problem.Kind.MATH, max).stream()
                .map(Group::id)
                .toList();
    }

    private void verifierDies() {
        attempt++;
        ledger.register(0, verifier());
    }

    private void deliver(long... ids) {
        ledger.lease(0, GENERATOR, 0, ids.length);
        for (long id : ids) assertTrue(ledger.deliver(0, GENERATOR, Given.group(id, 0)));
    }

    @Test
    void afterADeathEachSuspectIsHandedOutAloneAndOnlyTheGuiltyOneIsSetAside() {
        deliver(0, 1, 2);
        assertEquals(List.of(0L, 1L, 2L), take(4));
        verifierDies();
        assertEquals(List.of(0L), take(4));
        assertEquals(List.of(), take(4), "a suspect is alone");
        ledger.rewards(0, 0, Given.rewards(0.9, 0));
        assertEquals(List.of(1L), take(4));
        verifierDies();
        assertEquals(List.of(), heard, "it may have been ended from outside");
        assertEquals(List.of(1L), take(4));
        verifierDies();
        assertEquals(List.of("1 poisoned verifier-0"), heard);
        assertEquals(List.of(2L), take(4));
        ledger.rewards(0, 2, Given.rewards(0.9, 0));
        ledger.stop(0);
        Audit audit = Audit.of(events());
        assertEquals(Map.of("poisoned", 1L), audit.dropped());
        assertTrue(audit.exact());
    }

    @Test
    void newGroupsWaitUntilTheSuspectsAreJudged() {
        deliver(0, 1);
        assertEquals(List.of(0L), take(1));
        verifierDies();
        assertEquals(List.of(0L), take(4));
        ledger.rewards(0, 0, Given.rewards(0.9, 0));
        deliver(2);
        assertEquals(List.of(1L, 2L), take(4));
    }

    @Test
    void anEvaluationGroupThatKillsCountsAsUnscored() {
        ledger.deliverEvaluation(Given.group(-1, 0));
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(), heard);
            assertEquals(List.of(-1L), take(4));
            verifierDies();
        }
        assertEquals(List.of("-1 poisoned verifier-0", "-1 evaluated UNSCORED"), heard);
        assertEquals(List.of(), take(4));
        assertEquals(Map.of(), Audit.of(events()).dropped());
    }

    @Test
    void twoDeathsWhileAVerifierHadAGroupAloneProveNothing() {
        open(0); // where a group that is lost would change the digest of the run
        deliver(0);
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of(0L), take(4));
            verifierDies();
        }
        assertEquals(List.of(0L), take(4));
        ledger.rewards(0, 0, Given.rewards(0.9, 0));
        assertEquals(List.of(), heard);
        ledger.stop(0);
        assertEquals(Map.of(), Audit.of(events()).dropped());
    }

    @Test
    void deathsAmongOthersAccuseNobodyAlone() {
        deliver(0, 1);
        assertEquals(List.of(0L), take(1));
        assertEquals(List.of(1L), take(1));
        verifierDies();
        assertEquals(List.of(0L), take(4));
        verifierDies();
        assertEquals(List.of(0L), take(4));
        ledger.rewards(0, 0, Given.rewards(0.9, 0));
        assertEquals(List.of(1L), take(4));
        verifierDies();
        assertEquals(List.of(), heard); // group 1 was there at two deaths, alone at one
    }

    @Test
    void registeringSaysWhetherSomethingWasSetAside() {
        deliver(0);
        for (int death = 1; death <= 3; death++) {
            assertEquals(List.of(0L), take(1));
            attempt++;
            assertEquals(death == 3, ledger.register(0, verifier()));
        }
        assertFalse(ledger.register(0, verifier()));
    }

    private List<Long> lease(int generatorAttempt, int max) {
        return ledger.lease(0, new Holder("generator-0", generatorAttempt), 0, max).stream()
                .map(Lease::group)
                .toList();
    }

    private void generatorDies(int next) {
        ledger.register(0, new Holder("generator-0", next));
    }

    @Test
    void aGeneratorHoldsManyGroupsSoOneIsLeasedAloneAfterThreeDeaths() {
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(0L, 1L), lease(i, 2));
            generatorDies(i + 1);
        }
        assertEquals(List.of(0L), lease(3, 2), "alone");
        assertEquals(List.of(), lease(3, 2));
        generatorDies(4);
        assertEquals(List.of(), heard);
        assertEquals(List.of(0L), lease(4, 2));
        generatorDies(5);
        assertEquals(List.of("0 poisoned generator-0"), heard);
        assertEquals(List.of(1L), lease(5, 2));
        assertTrue(ledger.deliver(0, new Holder("generator-0", 5), Given.group(1, 0)));
        assertEquals(List.of(2L, 3L), lease(5, 2));
    }

    @Test
    void whatWasSetAsideIsNotLeasedByTheNextDriver() {
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(), heard);
            assertEquals(List.of(0L), lease(i, 1));
            generatorDies(i + 1);
        }
        assertEquals(List.of("0 poisoned generator-0"), heard);
        open(1);
        assertEquals(List.of(1L), lease(3, 1));
    }

    @Test
    void withoutLagASetIsSampledAgainHoweverOftenItsGeneratorDied() {
        open(0);
        for (int i = 0; i < 5; i++) {
            assertEquals(List.of(0L, 1L, 2L, 3L), lease(i, 1));
            generatorDies(i + 1);
        }
        assertEquals(List.of(), heard);
    }

    @Test
    void aStepThatIsMadeAgainInTheSameWayMustHaveTheRecordedDigest() {
        ledger.stepped(0, 1, new MadeStep("aa", "cpu"));
        ledger.stepped(0, 1, new MadeStep("aa", "cpu"));
        String said = assertThrows(BadInputException.class, () -> ledger.stepped(0, 1, new MadeStep("ab", "cpu")))
                .getMessage();
        assertTrue(said.startsWith("step 1, made again, has weights with SHA-256 ab, the ledger recorded aa: "), said);
        open(1); // the next driver compares as well
        assertThrows(BadInputException.class, () -> ledger.stepped(0, 1, new MadeStep("ab", "cpu")));
        assertEquals("aa", History.read(events()).steps().get(1));
    }

    @Test
    void aStepThatIsMadeInAnotherWayOrOnAGpuIsNotCompared() {
        ledger.stepped(0, 1, new MadeStep("aa", "cpu"));
        ledger.stepped(0, 1, new MadeStep("ab", "cpu, two ranks"));
        ledger.stepped(0, 2, new MadeStep("aa", null));
        ledger.stepped(0, 2, new MadeStep("ab", null));
        assertEquals(List.of("step 1 not compared", "step 2 not compared"), heard);
        assertFalse(History.read(events()).steps().isEmpty());
    }

    @Test
    void aGeneratorThatHandsOverItsLastGroupIsAskedAboutSuspectsAgain() {
        ledger.lease(0, GENERATOR, 0, 2);
        ledger.deliver(0, GENERATOR, Given.group(0, 0));
        assertFalse(ledger.takeChanges().isEmpty());
        ledger.lease(0, GENERATOR, 0, 1);
        ledger.takeChanges();
        ledger.deliver(0, GENERATOR, Given.group(1, 0));
        assertFalse(ledger.takeChanges().contains(Topic.LEASES), "it holds group 2");
        ledger.deliver(0, GENERATOR, Given.group(2, 0));
        assertTrue(ledger.takeChanges().contains(Topic.LEASES));
    }
}
