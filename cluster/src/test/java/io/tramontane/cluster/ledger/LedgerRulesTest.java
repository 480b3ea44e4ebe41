package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.Group;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerRulesTest {
    private static final Holder GENERATOR = new Holder("generator-0", 0);
    private static final Holder VERIFIER = new Holder("verifier-0", 0);
    private static final double NONE = Double.NaN;

    @TempDir
    Path folder;

    private final Given.Memory store = new Given.Memory();
    private final List<String> heard = new ArrayList<>();
    private long now;

    private Path events() {
        return folder.resolve("events.jsonl");
    }

    private LedgerState ledger(int groupsPerBatch, int maxLag) {
        return reopened(groupsPerBatch, maxLag, 0);
    }

    private LedgerState reopened(int groupsPerBatch, int maxLag, int version) {
        LedgerListener recorder = new LedgerListener() {
            @Override
            public void scored(ScoredGroup group, boolean kept) {
                heard.add(group.group().id() + (kept ? " kept" : " dropped"));
            }

            @Override
            public void evaluated(Group group, List<RewardBreakdown> rewards) {
                heard.add(group.id() + " evaluated");
            }
        };
        LedgerConfig config =
                new LedgerConfig(groupsPerBatch, maxLag, 1, Duration.ofMillis(100), Duration.ofMillis(50));
        History history = History.read(new LocalStorage(events()));
        LedgerState state = new LedgerState(
                config, new EventLog(new LocalStorage(events()), history.chain()), store, recorder, history);
        state.open(now, version);
        return state;
    }

    private static List<Long> ids(List<Lease> leases) {
        return leases.stream().map(Lease::group).toList();
    }

    private static List<Long> ids(Batch batch) {
        return batch.groups().stream().map(g -> g.group().id()).toList();
    }

    private void finish(LedgerState ledger, long id, int version) {
        finish(ledger, id, version, 0.9, 0);
    }

    private void finish(LedgerState ledger, long id, int version, double... correctness) {
        assertTrue(ledger.deliver(now, GENERATOR, Given.group(id, version)));
        ledger.rewards(now, id, Given.rewards(correctness));
    }

    @Test
    void generatorsRestWhileABatchAndAHalfWaitAndGoOnWhenOneIsTaken() {
        LedgerState ledger = ledger(2, 3);
        assertEquals(8, ledger.lease(now, GENERATOR, 0, 100).size()); // (0 + 1 + 3) * 2
        finish(ledger, 0, 0);
        finish(ledger, 1, 0);
        assertFalse(ledger.generatorsRest()); // 2 ready, 3 wanted
        finish(ledger, 2, 0);
        assertTrue(ledger.generatorsRest());
        assertEquals(List.of(0L, 1L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        assertFalse(ledger.generatorsRest()); // 1 ready
    }

    @Test
    void theQueueHoldsMaxLagPlusOneBatches() {
        LedgerState ledger = ledger(2, 1);
        assertEquals(List.of(0L, 1L, 2L), ids(ledger.lease(now, GENERATOR, 0, 3)));
        assertEquals(List.of(3L), ids(ledger.lease(now, GENERATOR, 0, 3))); // (0 + 1 + 1) * 2 = 4 in all
        assertEquals(List.of(), ids(ledger.lease(now, GENERATOR, 0, 3)));
    }

    @Test
    void aDroppedGroupMakesRoomForAnother() {
        LedgerState ledger = ledger(1, 1);
        assertEquals(List.of(0L, 1L), ids(ledger.lease(now, GENERATOR, 0, 9)));
        finish(ledger, 0, 0, 0.9, 0.9); // all rewards equal
        assertEquals(List.of("0 dropped"), heard);
        assertEquals(List.of(2L), ids(ledger.lease(now, GENERATOR, 0, 9)));
        assertEquals(
                Map.of("zero signal", 1L), Audit.of(new LocalStorage(events())).dropped());
    }

    @Test
    void withoutLagGroupsComeInSetsAndTheNextSetWhenTheLastHasEnded() {
        LedgerState ledger = ledger(3, 0);
        assertEquals(List.of(0L, 1L, 2L), ids(ledger.lease(now, GENERATOR, 0, 1)));
        finish(ledger, 0, 0, 0.9, 0.9);
        finish(ledger, 1, 0, 0.9, 0.9);
        assertEquals(List.of(), ledger.lease(now, GENERATOR, 0, 1)); // group 2 is still out
        finish(ledger, 2, 0);
        assertEquals(List.of(3L, 4L), ids(ledger.lease(now, GENERATOR, 0, 1))); // two of three are missing
    }

    @Test
    void withoutLagAnInterruptedSetIsSampledAgainAsAWholeAndItsOldGroupsAreIgnored() {
        LedgerState first = ledger(3, 0);
        first.lease(now, GENERATOR, 0, 1);
        finish(first, 0, 0, 0.9, 0.9); // dropped; then the process dies
        LedgerState second = reopened(3, 0, 0);
        assertEquals(List.of(0L, 1L, 2L), ids(second.lease(now, GENERATOR, 0, 1)));
        assertFalse(second.deliver(now, GENERATOR, Given.group(0, 0)));
        finish(second, 1, 0);
        finish(second, 2, 0);
        assertEquals(List.of(3L), ids(second.lease(now, GENERATOR, 0, 1)));
        assertEquals(1, Audit.of(new LocalStorage(events())).dropped().get("zero signal"));
    }

    @Test
    void withoutLagTwoGeneratorsGetASetEach() {
        LedgerConfig config = new LedgerConfig(5, 0, 2, Duration.ofMillis(100), Duration.ofMillis(50));
        History history = History.read(new LocalStorage(events()));
        LedgerState ledger = new LedgerState(
                config,
                new EventLog(new LocalStorage(events()), history.chain()),
                store,
                new LedgerListener() {},
                history);
        ledger.open(now, 0);
        assertEquals(List.of(0L, 1L, 2L), ids(ledger.lease(now, GENERATOR, 0, 1)));
        assertEquals(List.of(3L, 4L), ids(ledger.lease(now, new Holder("generator-1", 0), 0, 1)));
        ledger.stop(now);
        assertTrue(Audit.of(new LocalStorage(events())).exact());
    }

    @Test
    void unscoredCompletionsLeaveAndAGroupOfOneIsDropped() {
        LedgerState ledger = ledger(1, 1);
        ledger.lease(now, GENERATOR, 0, 2);
        finish(ledger, 0, 0, 0.9, NONE);
        assertEquals(List.of(), heard); // no reward counts
        assertEquals(
                Map.of("unscored", 1L), Audit.of(new LocalStorage(events())).dropped());
    }

    @Test
    void withoutLagAGeneratorWithOldWeightsGetsNothing() {
        LedgerState ledger = ledger(1, 0);
        ledger.lease(now, GENERATOR, 0, 1);
        finish(ledger, 0, 0);
        assertEquals(List.of(0L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        ledger.published(now, 1);
        assertEquals(List.of(), ledger.lease(now, GENERATOR, 0, 1));
        assertEquals(List.of(new Lease(1, 1, 2)), ledger.lease(now, GENERATOR, 1, 1));
    }

    @Test
    void aBatchWaitsForTheGroupsThatMustBeInIt() {
        LedgerState ledger = ledger(1, 1);
        assertEquals(List.of(0L, 1L), ids(ledger.lease(now, GENERATOR, 0, 9)));
        finish(ledger, 1, 0); // the second overtakes the first
        assertEquals(List.of(1L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        ledger.published(now, 1);
        assertEquals(List.of(2L), ids(ledger.lease(now, GENERATOR, 1, 9)));
        finish(ledger, 2, 1);
        assertTrue(ledger.takeBatch(now, 2).isEmpty()); // group 0 has version 0 <= 1 - maxLag
        finish(ledger, 0, 0);
        assertEquals(List.of(0L), ids(ledger.takeBatch(now, 2).orElseThrow()));
    }

    @Test
    void aBatchWaitsWhenOldGroupsWouldCrowdALaterStep() {
        LedgerState ledger = ledger(1, 2);
        assertEquals(List.of(0L, 1L, 2L), ids(ledger.lease(now, GENERATOR, 0, 9))); // all due at step 3
        finish(ledger, 2, 0);
        assertEquals(List.of(2L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        ledger.published(now, 1);
        assertEquals(List.of(3L), ids(ledger.lease(now, GENERATOR, 1, 9))); // due at step 4
        finish(ledger, 3, 1);
        assertTrue(ledger.takeBatch(now, 2).isEmpty()); // 0 and 1 would both be left for step 3
        finish(ledger, 1, 0);
        assertEquals(List.of(1L), ids(ledger.takeBatch(now, 2).orElseThrow()));
    }

    @Test
    void aBatchIsSortedById() {
        LedgerState ledger = ledger(3, 0);
        ledger.lease(now, GENERATOR, 0, 3);
        finish(ledger, 2, 0);
        finish(ledger, 0, 0);
        finish(ledger, 1, 0);
        assertEquals(List.of(0L, 1L, 2L), ids(ledger.takeBatch(now, 1).orElseThrow()));
    }

    @Test
    void aRecordedBatchIsServedAgain() {
        LedgerState ledger = ledger(1, 3);
        ledger.lease(now, GENERATOR, 0, 2);
        finish(ledger, 1, 0);
        assertEquals(List.of(1L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        finish(ledger, 0, 0);
        assertEquals(List.of(1L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        assertEquals(1, Audit.of(new LocalStorage(events())).trained());
        assertThrows(IllegalArgumentException.class, () -> ledger.takeBatch(now, 3));
    }

    @Test
    void aGeneratorThatStartsAgainLosesItsGroupsAndTheyComeFirst() {
        LedgerState ledger = ledger(4, 1);
        assertEquals(List.of(0L, 1L), ids(ledger.lease(now, GENERATOR, 0, 2)));
        Holder again = new Holder("generator-0", 1);
        ledger.register(now, again);
        assertFalse(ledger.deliver(now, GENERATOR, Given.group(0, 0)));
        assertEquals(List.of(0L, 1L, 2L), ids(ledger.lease(now, again, 0, 3)));
    }

    @Test
    void aGeneratorThatIsLateLosesItsGroup() {
        LedgerState ledger = ledger(1, 0);
        ledger.lease(now, GENERATOR, 0, 1);
        Holder other = new Holder("generator-1", 0);
        now = 99;
        assertEquals(List.of(), ledger.lease(now, other, 0, 1));
        now = 100;
        assertEquals(List.of(0L), ids(ledger.lease(now, other, 0, 1)));
        assertFalse(ledger.deliver(now, GENERATOR, Given.group(0, 0))); // late
        assertTrue(ledger.deliver(now, other, Given.group(0, 0)));
        assertFalse(ledger.deliver(now, other, Given.group(0, 0))); // twice
    }

    @Test
    void aGroupWithTokensOlderThanItsLeaseIsSampledAgain() {
        LedgerState ledger = ledger(1, 1);
        ledger.lease(now, GENERATOR, 0, 1);
        finish(ledger, 0, 0);
        ledger.takeBatch(now, 1);
        ledger.published(now, 1);
        assertEquals(List.of(new Lease(1, 1, 2)), ledger.lease(now, GENERATOR, 1, 1));
        assertFalse(ledger.deliver(now, GENERATOR, Given.group(1, 0)));
        assertEquals(List.of(new Lease(1, 1, 2)), ledger.lease(now, GENERATOR, 1, 1));
    }

    @Test
    void aVerifierThatIsLateOrStartsAgainLosesItsGroups() {
        LedgerState ledger = ledger(2, 0);
        ledger.lease(now, GENERATOR, 0, 2);
        ledger.deliver(now, GENERATOR, Given.group(0, 0));
        ledger.deliver(now, GENERATOR, Given.group(1, 0));
        assertEquals(
                0,
                ledger.takeForScoring(now, VERIFIER, Problem.Kind.MATH, 1)
                        .get(0)
                        .id());
        assertEquals(
                1,
                ledger.takeForScoring(now, VERIFIER, Problem.Kind.MATH, 9)
                        .get(0)
                        .id());
        assertEquals(
                0, ledger.takeForScoring(49, VERIFIER, Problem.Kind.MATH, 9).size());
        assertEquals(
                2, ledger.takeForScoring(50, VERIFIER, Problem.Kind.MATH, 9).size());
        Holder again = new Holder("verifier-0", 1);
        ledger.register(60, again);
        List<Group> first = ledger.takeForScoring(60, again, Problem.Kind.MATH, 9);
        assertEquals(List.of(0L), first.stream().map(Group::id).toList()); // suspects are handed out alone
    }

    @Test
    void withoutLagAGeneratorGetsASetOnlyWhileItHoldsNothingOfAnother() {
        LedgerConfig config = new LedgerConfig(4, 0, 2, Duration.ofMillis(100), Duration.ofMillis(50));
        History history = History.read(new LocalStorage(events()));
        LedgerState ledger = new LedgerState(
                config,
                new EventLog(new LocalStorage(events()), history.chain()),
                store,
                new LedgerListener() {},
                history);
        ledger.open(now, 0);
        assertEquals(List.of(0L, 1L), ids(ledger.lease(now, GENERATOR, 0, 1)));
        assertEquals(List.of(), ledger.lease(now, GENERATOR, 0, 1)); // the second set is the other generator's
        assertTrue(ledger.deliver(now, GENERATOR, Given.group(0, 0)));
        assertEquals(List.of(), ledger.lease(now, GENERATOR, 0, 1)); // it still samples group 1
        assertTrue(ledger.deliver(now, GENERATOR, Given.group(1, 0)));
        assertEquals(List.of(2L, 3L), ids(ledger.lease(now, GENERATOR, 0, 1))); // the other one is slow to come
    }

    @Test
    void aVerifierThatWorksKeepsItsGroupsAndTheRunDoesNotStandStill() {
        LedgerState ledger = ledger(2, 0);
        ledger.lease(now, GENERATOR, 0, 2);
        ledger.deliver(now, GENERATOR, Given.group(0, 0));
        ledger.deliver(now, GENERATOR, Given.group(1, 0));
        ledger.takeForScoring(now, VERIFIER, Problem.Kind.MATH, 9);
        ledger.working(40, VERIFIER, List.of(0L));
        assertEquals(40, ledger.progressAt());
        List<Group> late = ledger.takeForScoring(50, new Holder("verifier-1", 0), Problem.Kind.MATH, 9);
        assertEquals(List.of(1L), late.stream().map(Group::id).toList());
        ledger.working(60, VERIFIER, List.of(1L, 7L)); // one that it has lost, one that nobody knows
        assertEquals(40, ledger.progressAt());
        ledger.working(89, VERIFIER, List.of(0L, 1L));
        assertEquals(89, ledger.progressAt());
        ledger.working(139, VERIFIER, List.of(0L)); // too late by then
        assertEquals(89, ledger.progressAt());
    }

    @Test
    void codeAndMathsAreTakenApart() {
        LedgerState ledger = ledger(2, 0);
        ledger.lease(now, GENERATOR, 0, 2);
        Problem code = Problem.code(
                "c", "en", "print 1", Problem.CodeLanguage.PYTHON, List.of(new Problem.TestCase("", "1")), Map.of());
        ledger.deliver(now, GENERATOR, Given.group(0, 0, code));
        ledger.deliver(now, GENERATOR, Given.group(1, 0));
        assertEquals(
                1,
                ledger.takeForScoring(now, VERIFIER, Problem.Kind.MATH, 9)
                        .get(0)
                        .id());
        assertEquals(
                0,
                ledger.takeForScoring(now, VERIFIER, Problem.Kind.CODE, 9)
                        .get(0)
                        .id());
    }

    @Test
    void rewardsThatComeTwiceAreIgnored() {
        LedgerState ledger = ledger(1, 0);
        ledger.lease(now, GENERATOR, 0, 1);
        finish(ledger, 0, 0);
        ledger.rewards(now, 0, Given.rewards(0, 0));
        assertEquals(List.of("0 kept"), heard);
    }

    @Test
    void evaluationGroupsPassTheVerifiersWithoutAPlaceInTheSchedule() {
        LedgerState ledger = ledger(1, 0);
        ledger.deliverEvaluation(Given.group(-1, 0));
        assertEquals(
                -1,
                ledger.takeForScoring(now, VERIFIER, Problem.Kind.MATH, 9)
                        .get(0)
                        .id());
        ledger.rewards(now, -1, Given.rewards(0.9, 0));
        assertEquals(List.of("-1 evaluated"), heard);
        assertEquals(0, Audit.of(new LocalStorage(events())).leased());
    }

    @Test
    void aResumedRunServesTheSameBatchesAndSamplesUnfinishedGroupsAgain() {
        LedgerState first = ledger(1, 2);
        first.lease(now, GENERATOR, 0, 3);
        finish(first, 1, 0);
        first.takeBatch(now, 1);
        first.stepped(now, 1, new MadeStep("theta1", "cpu"));
        first.published(now, 1);
        finish(first, 2, 0); // ready, but the process dies here: groups 0 and 2 are unfinished

        LedgerState second = reopened(1, 2, 0); // the only checkpoint is that of step 0
        assertEquals(List.of(1L), ids(second.takeBatch(now, 1).orElseThrow()));
        assertEquals(List.of(0L, 2L), ids(second.lease(now, GENERATOR, 0, 9))); // 2 + 1 trained = (0 + 1 + 2) * 1
        second.published(now, 1);
        assertEquals(List.of(3L), ids(second.lease(now, GENERATOR, 1, 9)));
        second.stop(now);
        assertEquals(
                "ledger: 4 groups leased = 1 trained once + 0 dropped + 3 in flight at the stop; lost 0, twice 0",
                Audit.of(new LocalStorage(events())).toString());
        assertEquals("theta1", History.read(new LocalStorage(events())).steps().get(1));
    }

    @Test
    void aCheckpointNewerThanTheLedgerIsRefused() {
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> reopened(1, 1, 3));
        assertEquals(
                "checkpoint of step 3 but the ledger has only 0 batches: they do not belong together",
                error.getMessage());
    }

    @Test
    void aBatchThatWaitedForAGroupIsAskedForAgainWhenTheGroupIsGivenBack() {
        LedgerState ledger = ledger(1, 1);
        assertEquals(List.of(0L, 1L), ids(ledger.lease(now, GENERATOR, 0, 2))); // due at step 2
        finish(ledger, 1, 0);
        assertEquals(List.of(1L), ids(ledger.takeBatch(now, 1).orElseThrow()));
        ledger.published(now, 1);
        Holder other = new Holder("generator-1", 0);
        assertEquals(List.of(2L), ids(ledger.lease(now, other, 1, 1))); // due at step 3
        assertTrue(ledger.deliver(now, other, Given.group(2, 1)));
        ledger.rewards(now, 2, Given.rewards(0.9, 0));
        assertTrue(ledger.takeBatch(now, 2).isEmpty(), "group 0 must be in it");
        ledger.takeChanges();
        ledger.register(now, new Holder("generator-0", 1));
        assertTrue(ledger.takeChanges().contains(Topic.BATCHES));
        assertEquals(List.of(2L), ids(ledger.takeBatch(now, 2).orElseThrow()));
    }
}
