package io.tramontane.app.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.model.PolicyConfig;
import io.tramontane.trainer.Packing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepPlanTest {
    /** W = 4: 172 numbers, 40 of them the embedding, which is the head. A token: body 2 x 132, head 2 x 40, 4 x 2 x 2 a pair. */
    private static final PolicyConfig SHAPE = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, true, 0);

    /** Two groups of four completions of 60 after prompts of 40; eight in flight. */
    private static StepPlan plan(String... more) {
        List<String> sets = new ArrayList<>(List.of(
                "trainer.batchSize=8",
                "trainer.minibatchSize=8",
                "trainer.microbatchTokens=1000",
                "rollout.groupSize=4",
                "rollout.slots=8",
                "rollout.maxPromptTokens=40",
                "rollout.maxTokens=60",
                "rewards.maxLength=60",
                "rewards.lengthCache=10"));
        sets.addAll(List.of(more));
        return new StepPlan(ConfigReader.read(Config.defaults(), Optional.empty(), sets), SHAPE, 8);
    }

    private static final String[] RATES = {"plan.flops=1e6", "plan.memoryBandwidth=1e6", "plan.launchSeconds=0.01"};

    private static StepPlan timed(String... more) {
        List<String> sets = new ArrayList<>(List.of(RATES));
        sets.addAll(List.of(more));
        return plan(sets.toArray(String[]::new));
    }

    @Test
    void aPassCostsThreeTimesItsForwardFlop() {
        // 2 x (40 + 4 x 60) = 560 tokens in one pass: 10 segments of 60, 100 keys each
        assertEquals(new Packing.Cut(1, 560, 60_000), plan().passes());
        // body 560 x 264 + 16 x 60,000 = 1,107,840; head 480 x 80 = 38,400
        assertEquals(3 * (1_107_840 + 38_400), plan().trainingFlops());
        assertEquals(4 * 1_107_840 + 3 * 38_400, plan("trainer.keep=blocks").trainingFlops());
        assertEquals(4 * (1_107_840 + 38_400), plan("trainer.loss.klCoef=0.1").trainingFlops());
        assertEquals(3 * 1_107_840 + 2 * 38_400, plan("trainer.lora.rank=2").trainingFlops());
    }

    @Test
    void aTokenIsDecodedForTwoFlopAParameterAndWhatItSees() {
        assertEquals(40 + 30, plan().seen());
        assertEquals(264 + 80 + 16 * 70, plan().tokenFlops());
        assertEquals(480 * 1464, plan().decodingFlops());
        assertEquals(2 * 480 * 1464, plan("plan.signalShare=0.5").decodingFlops());
    }

    @Test
    void tokenStepsAreThoseOfTheLiveSequences() {
        assertEquals(60, plan().tokenSteps());
        assertEquals(120, plan("rollout.slots=4").tokenSteps());
        assertEquals(30, plan("cluster.generators=2", "rollout.slots=8").tokenSteps() / 2);
        // synchronous: all alike end together; otherwise the last one is waited for, here cut at 60
        assertEquals(60, plan("cluster.maxLag=0").tokenSteps());
        assertEquals(
                20 + 60 - 20,
                plan("cluster.maxLag=0", "plan.completionTokens=20", "plan.spread=2")
                        .tokenSteps(),
                1e-9);
    }

    @Test
    void inASynchronousStepGroupsWithoutASignalAreReplacedAfterTheOthers() {
        // 8 completions, then 4 for the group that is dropped; half a group more is none
        assertEquals(60 + 60, plan("cluster.maxLag=0", "plan.signalShare=0.5").tokenSteps());
        assertEquals(
                2 * 60 + 60,
                plan("cluster.maxLag=0", "plan.signalShare=0.5", "rollout.slots=4")
                        .tokenSteps());
        assertEquals(120, plan("plan.signalShare=0.5").tokenSteps());
    }

    @Test
    void rolesSideBySideTakeAsLongAsTheSlowest() {
        StepTime time = timed().time();
        assertEquals(3.43872, time.training().products(), 1e-9);
        assertEquals(26 * 4 * 172e-6, time.training().optimizer(), 1e-9);
        assertEquals(0.70272, time.generation().products(), 1e-9);
        // 60 times 688 bytes of weights, 480 tokens that see 70 positions of 16 bytes
        assertEquals(0.57888, time.generation().reading(), 1e-9);
        assertEquals(0.6, time.generation().launches(), 1e-9);
        // 2 x 40 tokens of 264 + 16 x 20
        assertEquals(0.04672, time.generation().prefill(), 1e-9);
        assertEquals(3.43872 + 0.017888, time.seconds(), 1e-9);
        assertEquals("trainer: products", time.limit());
        assertTrue(
                time.text().startsWith("3.46 s (roles side by side): trainer 3.46 s (products 3.44 s, "), time.text());
    }

    @Test
    void synchronousRolesWaitForEachOther() {
        StepTime time = timed("cluster.maxLag=0", "plan.networkBandwidth=1e3").time();
        assertEquals(0.688, time.sending(), 1e-9);
        assertEquals(3.456608 + 0.70272 + 0.6 + 0.04672 + 0.688, time.seconds(), 1e-9);
    }

    @Test
    void theSlowestRoleAndItsLargestPartAreTheLimit() {
        assertEquals(
                "network: sending weights",
                timed("plan.networkBandwidth=10").time().limit());
        assertEquals(
                "generators: reading weights, keys and values",
                timed("plan.memoryBandwidth=1e5").time().limit());
        assertEquals(
                "generators: launches", timed("plan.launchSeconds=1").time().limit());
        assertEquals(
                "generators: products of decoding",
                timed("plan.decodeFlops=1e5").time().limit());
    }

    /** 560 tokens over 4 ranks make pieces of at most 140: a prompt of 40 with one completion of 60, two for each rank. */
    @Test
    void ranksDivideTheWorkAndGradientsAreSummedOnAll() {
        StepPlan plan = timed("cluster.trainers=4", "cluster.generators=2", "plan.networkBandwidth=1e6");
        // 8 pieces of 100 tokens; a rank's two make one pass of 4 segments of 60 that see 100
        assertEquals(new Packing.Cut(4, 800, 4 * 24_000), plan.passes());
        double most = 3 * (200 * 264 + 16 * 24_000 + 120 * 80);
        assertEquals(4 * most, plan.trainingFlops());
        assertEquals(most, plan.mostFlops());
        assertEquals(most * 1e-6, plan.time().training().products(), 1e-9);
        assertEquals(0.70272 / 2, plan.time().generation().products(), 1e-9);
        // 172 numbers are 4 pieces of 48: a rank sends three quarters of 768 bytes twice
        assertEquals(new StepBytes(2 * 688, 24 * 480, new RankBytes(2 * 576, 0, 0), 4), plan.bytes());
        assertEquals(1152e-6, plan.time().training().exchange(), 1e-9);
        assertEquals(
                most * 1e-6 + 26 * 4 * 172e-6 + 1152e-6, plan.time().training().seconds(), 1e-9);
        assertEquals(
                "17.5 kB: weights 1.4 kB, completions 11.5 kB, between trainers 4.6 kB (each sends all-reduce 1.2 kB)",
                plan.bytes().text());
        // 4 ranks send a quarter each of what two generators take, but one takes all of it
        assertEquals(688e-6, plan.time().sending(), 1e-9);
        assertEquals(4 * 1152e-6, sendingOf("cluster.trainers=4", "plan.rankBandwidth=250e3"), 1e-9);
    }

    private static double sendingOf(String... more) {
        return timed(more).time().training().exchange();
    }

    @Test
    void ranksThatDivideTheMomentsUpdateTheirRangeAndGatherTheOthers() {
        StepPlan plan = timed("cluster.trainers=4", "trainer.shard=optimizer", "plan.networkBandwidth=1e6");
        assertEquals(new RankBytes(0, 576, 576), plan.bytes().rank());
        assertEquals(26 * 172e-6, plan.time().training().optimizer(), 1e-9);
        assertEquals(2 * 1152e-6, twoUpdates().time().training().exchange(), 1e-9);
    }

    private static StepPlan twoUpdates() {
        return timed(
                "cluster.trainers=4",
                "trainer.shard=optimizer",
                "plan.networkBandwidth=1e6",
                "trainer.minibatchSize=4",
                "trainer.batchSize=8");
    }

    /**
     * Units of two ranks, in pieces of 16 numbers: embedding 40, so 2 x 32; attention 4 + 16 + 8 + 8 + 16 = 52, so 64; the other
     * half 76, so 96; the norm 4, so 32.
     */
    @Test
    void ranksThatDivideTheWeightsGatherEveryBlockBothWays() {
        StepPlan plan = timed("cluster.trainers=2", "trainer.shard=full", "plan.networkBandwidth=1e6");
        // one pass; the head is the embedding once more
        int gathered = 64 + 2 * (64 + 96) + 2 * 32 + 64;
        int summed = 64 + 64 + 96 + 32 + 64;
        assertEquals(new RankBytes(0, 2 * summed, 2 * gathered), plan.bytes().rank());
        StepPlan whole = timed("cluster.trainers=2", "trainer.shard=full", "trainer.loss.name=gspo");
        assertEquals(2 * (gathered + 64), whole.bytes().rank().allGather());
        StepPlan reference = timed("cluster.trainers=2", "trainer.shard=full", "trainer.loss.klCoef=0.1");
        assertEquals(
                2 * (gathered + 64 + 160 + 32 + 64), reference.bytes().rank().allGather());
        StepPlan halves = timed("cluster.trainers=2", "trainer.shard=full", "trainer.microbatchTokens=100");
        assertEquals(4 * 2 * gathered, halves.bytes().rank().allGather());
    }

    @Test
    void blocksAreExchangedWhileOthersCompute() {
        TrainingTime time = timed("cluster.trainers=2", "trainer.shard=full", "plan.networkBandwidth=100")
                .time()
                .training();
        assertTrue(time.exchange() > time.products());
        assertEquals(time.exchange() + time.optimizer(), time.seconds());
    }

    @Test
    void withoutARateNothingIsTimed() {
        assertFalse(plan().isTimed());
        assertTrue(timed().isTimed());
    }

    @Test
    void aHeadOfItsOwnIsNotLookedUpAndBfloat16IsHalfOfAllButTheHead() {
        PolicyConfig untied = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, false, 0);
        assertEquals(264, new TokenWork(untied).body());
        assertEquals(80, new TokenWork(untied).head());
        assertEquals(4 * 172, new TokenWork(untied).read(1, Float.BYTES));
        assertEquals(2 * 132 + 4 * 40, new TokenWork(untied).read(1, Short.BYTES));
    }
}
