package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Architecture;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.RopeScaling;
import io.tramontane.model.Variant;
import io.tramontane.trainer.TrainerMemory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTest {
    /** W = 4, so theta is 10 x 4 + (4 + 16 + 8 + 8 + 16 + 4 + 3 x 4 x 6) + 4 = 172 numbers. */
    private static final PolicyConfig SHAPE = new PolicyConfig(1, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, true, 0);

    @Test
    void theArithmeticOfABatchIsWorkedOut() {
        Plan plan = plan("trainer.batchSize=32", "trainer.minibatchSize=16", "rollout.groupSize=8", "rollout.slots=24");
        assertEquals(24, plan.inFlight());
        assertEquals(0.75, plan.asyncShare());
        assertEquals(List.of(), PlanWarnings.of(plan));
        // 32 x 60 completion tokens; a group of 40 + 8 x 60 = 520 is a microbatch of 1,000; 4 groups, 2 steps
        assertTrue(plan.text().contains("1,920 of completions (32 x 60), 2,080 with prompts, in 4 microbatches"));
        assertTrue(plan.text().contains("4 groups of 8, 2 optimizer steps; 2,000 in 1,000 batches"), plan.text());
        assertTrue(plan.text().contains("24 completions in 3 groups"), plan.text());
        assertTrue(plan.text().contains("172 parameters"), plan.text());
    }

    @Test
    void moreThanTwoBatchesInFlightIsAWarning() {
        Plan plan = plan("trainer.batchSize=32", "trainer.minibatchSize=32", "rollout.slots=65");
        assertEquals(
                List.of("n_async / n_batch is 2.03 (65 completions in flight, trainer.batchSize 32); more than 2 makes"
                        + " samples old"),
                PlanWarnings.of(plan));
        assertTrue(plan.text().contains("MORE THAN 2"), plan.text());
    }

    @Test
    void aRunThatDoesNotFitIntoTheMachineIsRefused() {
        Plan plan = plan("trainer.batchSize=32", "trainer.minibatchSize=32", "rollout.slots=24", "model=M");
        // a microbatch: 40 + 16 x 60 = 1,000 tokens, 17 segments of 60, keys 100. Two layers' worth of 52 numbers a
        // token,
        // 2 x 2 x (17 x 60 x 2 + 17 x 100) x 2 of attention, mask 17 x 2 x 60 x 100, logits 2 x 1,000 x 10
        long activations = 4 * (104_000 + 29_920 + 204_000 + 20_000);
        assertEquals(activations, plan.activations());
        assertTrue(plan.text().contains("and about 1.4 MB of activations (estimate"), plan.text());
        // theta 172 x 4 = 688 bytes, five times; a slot 16 bytes x (40 + 60 + 4); together 3,440 + 24 x 1,664 = 43,376
        assertTrue(
                plan.text().contains("KV cache 0.0 MB: 16 bytes a position x 104 positions x 24 slots"), plan.text());
        plan.check(activations + 43_376);
        String refused = assertThrows(BadInputException.class, () -> plan.check(activations + 43_375))
                .getMessage();
        assertTrue(refused.startsWith("rollout.slots 24: KV cache"), refused);
        assertTrue(refused.endsWith("allowed rollout.slots <= 23"), refused);
        String none = assertThrows(BadInputException.class, () -> plan.check(activations + 4_000))
                .getMessage();
        assertTrue(
                none.startsWith("model M of 1.4 MB for weights, gradients, moments and activations"
                        + " (trainer.microbatchTokens 1000: about 1.4 MB)"),
                none);
    }

    /** Three layers: with 4 x 52 numbers a token, or with 2 x 52 and the inputs, 2 x 4, of 2 layers more. */
    @Test
    void theInputsOfBlocksTakeLessThanAll() {
        PolicyConfig deep = new PolicyConfig(3, 4, 2, 1, 2, 6, 10, 100, 10000, 1e-6, true, 0);
        String[] sizes = {"trainer.batchSize=8", "trainer.minibatchSize=8", "rollout.groupSize=4"};
        Plan all = new Plan(plan(sizes).config(), deep);
        Plan blocks = new Plan(
                plan(sizes[0], sizes[1], sizes[2], "trainer.keep=blocks").config(), deep);
        // attention of two layers less: 2 x 2 x (1,200 + 1,000) x 2 numbers
        assertEquals(4 * (560 * (2 * 52 - 2 * 8) + 17_600), all.activations() - blocks.activations());
        assertTrue(blocks.text().contains("(estimate for the longest completions, trainer.keep blocks)"));
    }

    /** Rank 2: q [4, 4] has 2 x (4 + 4) numbers, v [2, 4] 2 x (4 + 2); the feed-forward half is 3 x 24 + 4. */
    @Test
    void adaptersTakeTheMemoryOfAdapters() {
        Plan plan = plan("trainer.lora.rank=2", "trainer.lora.targets=q_proj,v_proj");
        TrainerMemory memory = TrainerMemory.of(SHAPE, plan.config().trainer(), 1);
        assertEquals(28, memory.adapters());
        assertEquals(4 * 172 + 4 * 28 * 4 + 2 * 76 * 4, memory.bytes());
        assertTrue(
                plan.text()
                        .contains(
                                "adapters 112 B, their gradient 112 B, AdamW's two moments 224 B, a half layer and its gradient 608 B; 28 numbers in adapters)"),
                plan.text());
        Plan reference = plan("trainer.lora.rank=2", "trainer.lora.targets=q_proj,v_proj", "trainer.loss.klCoef=0.1");
        assertEquals(
                memory.bytes() + 4 * 172,
                TrainerMemory.of(SHAPE, reference.config().trainer(), 1).bytes());
        assertEquals(
                4 * 4 * 172,
                TrainerMemory.of(SHAPE, plan().config().trainer(), 1).bytes());
        PolicyConfig sparse = SHAPE.with(
                new Variant(Architecture.MIXTRAL, 0, RopeScaling.none(), new Variant.Experts(2, 1), List.of()));
        Config all = plan("trainer.lora.rank=2").config();
        assertTrue(assertThrows(BadInputException.class, () -> new Plan(all, sparse))
                .getMessage()
                .endsWith("has no such matrix, allowed q_proj, k_proj, v_proj, o_proj"));
    }

    @Test
    void aMicrobatchHoldsNoMoreThanAMinibatch() {
        // 8 completions of two groups of 4: 2 x 40 + 8 x 60 = 560 tokens, 10 segments, room for 1,000
        Plan plan = plan("trainer.batchSize=8", "trainer.minibatchSize=8", "rollout.groupSize=4");
        assertEquals(4 * (560 * 104 + 2 * 2 * (1_200 + 1_000) * 2 + 10 * 2 * 60 * 100 + 11_200), plan.activations());
    }

    @Test
    void theMemoryOfAGeneratorHoldsTheCopyThatIsLaidOutForDecodingAndTheOneThatEvaluates() {
        // 2,000,000 x 4 of embeddings, 132 numbers besides, from 8 million on twice: 64.0 MB, and 24 slots of 1,664
        // bytes
        PolicyConfig large = new PolicyConfig(1, 4, 2, 1, 2, 6, 2_000_000, 100, 10000, 1e-6, true, 0);
        String text = new Plan(plan("rollout.slots=24").config(), large).text();
        assertTrue(text.contains("memory of a generator             64.0 MB (weights 64.0 MB, KV cache 0.0 MB"), text);
        assertTrue(text.contains("24 slots), as much again while it evaluates\n"), text);
        Config lean = plan("rollout.slots=24", "rollout.batchInvariant=true", "evaluation.problems=0")
                .config();
        String less = new Plan(lean, large).text();
        assertTrue(less.contains("32.0 MB (weights 32.0 MB, KV cache 0.0 MB"), less);
        assertTrue(less.contains("24 slots)\n"), less);
    }

    @Test
    void theTimeOfSlowProgramsIsComparedWithTheStall() {
        Config usual = plan("data.gym.codeShare=0.1", "rollout.groupSize=16").config();
        ProgramPlan two = new ProgramPlan(usual, 2);
        assertEquals(640, two.longestGroup()); // 16 x 20 x 4 / 2
        assertEquals(
                "at most 640 s for a group (16 completions x 20 tests x 4 s of CPU on 2 cores), LONGER THAN"
                        + " cluster.stallSeconds 300:"
                        + " kept while its tests go on, but a step may wait for it",
                two.text());
        assertEquals(
                "at most 160 s for a group (16 completions x 20 tests x 4 s of CPU on 8 cores)",
                new ProgramPlan(usual, 8).text());
        assertEquals("", two.warning());
        assertTrue(new Plan(usual, SHAPE).text().contains("# judging programs                  at most"));
    }

    @Test
    void aSingleProgramThatMayTakeLongerThanTheStallIsAWarning() {
        Config hasty =
                plan("data.gym.codeShare=0.1", "cluster.stallSeconds=180").config();
        assertEquals(
                "on a busy machine one program may take 180 s on the clock (rewards.testSeconds 4, rewards.compileSeconds"
                        + " 10), not less than cluster.stallSeconds 180: the run could end",
                new ProgramPlan(hasty, 2).warning());
        assertTrue(new Plan(hasty, SHAPE).text().contains("CONTRADICTING LIMITS"));
        Config maths = plan("data.gym.codeShare=0", "cluster.stallSeconds=180").config();
        assertEquals("", new ProgramPlan(maths, 2).warning());
        assertTrue(!new Plan(maths, SHAPE).text().contains("judging programs"));
        Config file = plan("data.gym.codeShare=0", "data.train=p.jsonl", "cluster.stallSeconds=20")
                .config();
        assertTrue(new ProgramPlan(file, 2).warning().contains("not less than cluster.stallSeconds 20:"));
    }

    @Test
    void microbatchesWithoutASizeTakeAQuarterOfTheMemory() {
        long activations = plan("trainer.microbatchTokens=1124").activations(); // four steps of 256 above the longest
        Plan exact = open("plan.memory=" + 4 * activations);
        assertEquals(1124, exact.config().trainer().microbatchTokens());
        assertEquals(
                868,
                open("plan.memory=" + (4 * activations - 4)).config().trainer().microbatchTokens());
        assertEquals(activations, exact.activations());
    }

    @Test
    void microbatchesWithoutASizeHoldTheLongestSequenceAndAreBounded() {
        assertEquals(100, open("plan.memory=1").config().trainer().microbatchTokens());
        // 100 + 63 x 256 = 16228; one step more is above 16384
        assertEquals(16228, open("plan.memory=1e15").config().trainer().microbatchTokens());
        assertEquals(
                16228,
                open("plan.memory=1e15", "schedule=[{step: 4, set: {rollout.maxTokens: 50}}]")
                        .stages()
                        .get(4)
                        .config()
                        .trainer()
                        .microbatchTokens());
    }

    @Test
    void aStageStatesItsMicrobatches() {
        assertEquals(
                "rollout.maxPromptTokens 40 and rollout.maxTokens 60 make sequences of 100 tokens,"
                        + " trainer.microbatchTokens holds 0",
                assertThrows(
                                BadInputException.class,
                                () -> plan("schedule=[{step: 4, set: {trainer.microbatchTokens: 0}}]"))
                        .getMessage());
    }

    private static Plan open(String... sets) {
        List<String> all = new java.util.ArrayList<>(List.of("trainer.microbatchTokens=0"));
        all.addAll(List.of(sets));
        return plan(all.toArray(String[]::new));
    }

    @Test
    void impossibleSizesAreRefused() {
        assertEquals(
                "rollout.maxPromptTokens 40 and rollout.maxTokens 61 make sequences of 101 tokens,"
                        + " the model has 100 positions",
                assertThrows(BadInputException.class, () -> plan("rollout.maxTokens=61"))
                        .getMessage());
        assertEquals(
                "rollout.maxPromptTokens 40 and rollout.maxTokens 60 make sequences of 100 tokens,"
                        + " trainer.microbatchTokens holds 99",
                assertThrows(BadInputException.class, () -> plan("trainer.microbatchTokens=99"))
                        .getMessage());
    }

    @Test
    void moreSlotsThanTheLagAdmitsStayEmpty() {
        Plan plan = plan(
                "trainer.batchSize=32",
                "trainer.minibatchSize=32",
                "rollout.slots=50",
                "cluster.generators=2",
                "cluster.maxLag=1");
        assertEquals(64, plan.inFlight()); // (1 + 1) x 32
        assertTrue(plan.text().contains("64 completions in 4 groups (2 generators x 50 slots)"), plan.text());
        assertEquals(
                List.of(
                        "rollout.slots 50 in cluster.generators 2: 36 of the 100 slots stay empty, since cluster.maxLag 1"
                                + " with trainer.batchSize 32 admits 64 completions at a time"),
                PlanWarnings.of(plan));
    }

    @Test
    void settingsThatContradictEachOtherAreWarnings() {
        assertWarning(
                "trainer.optimizer.learningRate 2.0E-4 is never reached, at most 0.000160:"
                        + " trainer.optimizer.warmupSteps 5, trainer.optimizer.decayFrom 1.0, trainer.steps 4",
                "trainer.steps=4",
                "trainer.optimizer.learningRate=2e-4");
        assertWarning(
                "trainer.optimizer.learningRate 1.0E-6 is never reached, at most 5.56e-07:"
                        + " trainer.optimizer.warmupSteps 9, trainer.optimizer.decayFrom 0.5, trainer.steps 10",
                "trainer.steps=10",
                "trainer.optimizer.warmupSteps=9",
                "trainer.optimizer.decayFrom=0.5");
        assertWarning(
                "trainer.optimizer.finalShare 0.1 does nothing at trainer.optimizer.decayFrom 1: the rate does not decay",
                "trainer.optimizer.finalShare=0.1");
        assertWarning(
                "trainer.optimizer.decayFrom 0.5 counts trainer.steps 1000: a run that trainer.minutes 3.0 ends earlier does"
                        + " not reach the end of the decay",
                "trainer.minutes=3",
                "trainer.optimizer.decayFrom=0.5");
        assertWarning(
                "rewards.lengthSchedule.1001 begins after the last step: trainer.steps 1000",
                "rewards.maxLength=60",
                "rewards.lengthCache=10",
                "rewards.lengthSchedule.1001.maxLength=50");
        assertWarning(
                "evaluation.topP 0.9 does nothing at evaluation.temperature 0: the most likely token is taken",
                "evaluation.topP=0.9");
        assertWarning(
                "data.gym does nothing: data.train and data.evaluation name files",
                "data.train=a.jsonl",
                "data.evaluation=b.jsonl",
                "data.gym.codeShare=0.5");
        assertWarning(
                "data.gym.languages has de, ru, which rewards.languages does not let the classifier choose",
                "data.gym.languages=[en, de, ru]",
                "rewards.languages=[en, fr]");
    }

    private static void assertWarning(String line, String... sets) {
        List<String> all = new java.util.ArrayList<>(List.of("trainer.batchSize=64", "trainer.minibatchSize=64"));
        all.addAll(List.of(sets));
        assertEquals(List.of(line), PlanWarnings.of(plan(all.toArray(String[]::new))));
    }

    private static Plan plan(String... sets) {
        List<String> all = new java.util.ArrayList<>(
                List.of("rollout.maxPromptTokens=40", "rollout.maxTokens=60", "trainer.microbatchTokens=1000"));
        all.addAll(List.of(sets));
        return new Plan(ConfigReader.read(Config.defaults(), Optional.empty(), all), SHAPE);
    }

    @Test
    void stagesAreListedAndMemoryIsPlannedForTheLargest() {
        String[] base = {"trainer.batchSize=32", "trainer.minibatchSize=32", "rollout.slots=24", "rollout.groupSize=8"};
        Plan plan = plan(
                base[0],
                base[1],
                base[2],
                base[3],
                "trainer.steps=10",
                "schedule=[{step: 4, set: {rollout.maxTokens: 50, trainer.batchSize: 16, trainer.minibatchSize: 8}},"
                        + " {step: 12, set: {rollout.maxTokens: 55, rollout.groupSize: 4}}]");
        String text = plan.text().replaceAll(" +", " ");
        assertTrue(
                text.contains(
                        "# from step 4 rollout.maxTokens 50, trainer.batchSize 16, trainer.minibatchSize 8: 16 x 50"
                                + " tokens of completions, 2 groups of 8, 2 optimizer steps a batch\n"),
                text);
        assertTrue(text.contains("# from step 12 rollout.groupSize 4, rollout.maxTokens 55: 16 x 55 tokens"), text);
        // three steps of one update, seven of two
        assertTrue(text.contains("4 groups of 8, 1 optimizer steps; 17 in 10 batches"), text);
        assertTrue(text.contains("x 104 positions x 24 slots"), text); // 40 + 60 + 4: the first stage has the longest
        assertEquals(
                List.of("schedule: the stage of step 12 begins after the last step: trainer.steps 10"),
                PlanWarnings.of(plan).stream()
                        .filter(line -> line.startsWith("schedule"))
                        .toList());
    }

    @Test
    void aStageWhoseSequencesDoNotFitIsRefusedAndOneThatMakesSamplesOldIsSaid() {
        assertEquals(
                "rollout.maxPromptTokens 40 and rollout.maxTokens 61 make sequences of 101 tokens, the model has 100"
                        + " positions",
                assertThrows(BadInputException.class, () -> plan("schedule=[{step: 4, set: {rollout.maxTokens: 61}}]"))
                        .getMessage());
        Plan plan = plan(
                "trainer.batchSize=64",
                "trainer.minibatchSize=64",
                "rollout.slots=64",
                "schedule=[{step: 4, set: {trainer: {batchSize: 16, minibatchSize: 16}}}]");
        assertEquals(
                List.of(
                        "from step 4: n_async / n_batch is 4.00 (64 completions in flight, trainer.batchSize 16); more than"
                                + " 2 makes samples old"),
                PlanWarnings.of(plan));
    }
}
