package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Problem;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingPlanTest {
    /** 2 layers, 1 KV head of 16: 2 x 2 x 16 x 4 bytes = 256 bytes of keys and values a token. */
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 32, 2, 1, 16, 64, 1049, 192, 10_000, 1e-6, true, 1);

    /** 1,049 x 32 of embeddings, 2 x 9,280 in the layers, 32: 52,160 numbers, too few to be laid out once more. */
    private static final long WEIGHTS = 52_160 * 4;

    /** The same with 250,000 tokens: 8,018,592 numbers, which are. */
    private static final PolicyConfig LARGE =
            new PolicyConfig(2, 32, 2, 1, 16, 64, 250_000, 192, 10_000, 1e-6, true, 1);

    /** Prompts of up to 56 tokens, completions of 40, 4 tokens at a time: 100 positions, 25,600 bytes a slot. */
    private static final RolloutConfig MOST = new RolloutConfig(2, 128, 4, 56, 40, 1, 1);

    private static final long SLOT = 25_600;

    private static SamplingPlan plan(int prompts, int samples, SamplingPlan.Resources resources) {
        return plan(SHAPE, prompts, samples, resources);
    }

    private static SamplingPlan plan(PolicyConfig shape, int prompts, int samples, SamplingPlan.Resources resources) {
        Problem problem = Problem.math("p", "en", "?", "1", Map.of());
        List<GroupRequest> requests = IntStream.range(0, prompts)
                .mapToObj(i -> new GroupRequest(i, problem, new int[] {1, 2}, new int[0], samples, false))
                .toList();
        return SamplingPlan.of(shape, requests, MOST, resources);
    }

    /** Of a machine that has twice as many bytes: half of it is for us. */
    private static SamplingPlan.Resources resources(int workers, boolean fixed, long bytes) {
        return new SamplingPlan.Resources(workers, fixed, new Memory(2 * bytes, Long.MAX_VALUE));
    }

    private static String refused(SamplingPlan.Resources resources) {
        return assertThrows(BadInputException.class, () -> plan(100, 1, resources))
                .getMessage();
    }

    @Test
    void slotsAreDealtToTheGeneratorsWhereMemoryIsPlenty() {
        SamplingPlan plan = plan(10, 5, resources(4, false, 1L << 40));
        assertEquals(4, plan.workers());
        assertEquals(13, plan.config().slots()); // 50 sequences, 12.5 each
        assertEquals(
                "weights 0.2 MB, KV cache 0.3 MB: 256 bytes a position x 100 positions x 13 slots x 4 generators",
                plan.text());
        assertEquals(128, plan(1000, 5, resources(4, false, 1L << 40)).config().slots());
    }

    @Test
    void noMoreGeneratorsThanPrompts() {
        assertEquals(3, plan(3, 8, resources(16, false, 1L << 40)).workers());
    }

    @Test
    void threadsThatNoGeneratorTakesAreForItsOperators() {
        SamplingPlan few = plan(LARGE, 3, 8, resources(16, false, 1L << 40));
        assertEquals(5, few.threads()); // 3 generators of 16 / 3
        assertTrue(few.text().endsWith(" x 3 generators, operators of 5 threads"), few.text());
        assertEquals(1, plan(LARGE, 100, 1, resources(16, false, 1L << 40)).threads());
        SamplingPlan tight = plan(LARGE, 100, 1, resources(8, false, 2 * 5 * LARGE.parameters() * 4));
        assertEquals(2, tight.workers());
        assertEquals(4, tight.threads());
        assertEquals(1, plan(3, 8, resources(16, false, 1L << 40)).threads()); // a small model
    }

    @Test
    void theNumbersOfABatchInvariantRunDoNotDependOnThreads() {
        Problem problem = Problem.math("p", "en", "?", "1", Map.of());
        List<GroupRequest> one = List.of(new GroupRequest(0, problem, new int[] {1, 2}, new int[0], 1, false));
        RolloutConfig invariant = new RolloutConfig(2, 128, 4, 56, 40, 1, 1, true);
        SamplingPlan plan = SamplingPlan.of(LARGE, one, invariant, resources(16, false, 1L << 40));
        assertEquals(1, plan.threads());
    }

    @Test
    void slotsFitIntoWhatTheWeightsLeave() {
        assertEquals(WEIGHTS, SHAPE.parameters() * 4);
        // one generator: the weights as read and as loaded; then 7 slots and a half
        long half = 2 * WEIGHTS + 7 * SLOT + SLOT / 2;
        assertEquals(7, plan(100, 1, resources(1, true, half)).config().slots());
        SamplingPlan least = plan(100, 1, resources(1, true, WEIGHTS + SLOT / 2));
        assertEquals(1, least.config().slots());
        assertEquals(
                "weights 0.2 MB, KV cache 0.0 MB: 256 bytes a position x 100 positions x 1 slots, instead of 100 slots:"
                        + " half of the memory is for weights and caches",
                least.text());
        assertEquals(
                "--max-tokens 40 after prompts of 56: the KV cache of one sequence takes 0.0 MB, allowed 0.0 MB (what the"
                        + " weights leave of the memory)",
                refused(resources(1, true, WEIGHTS + SLOT / 2 - 1)));
    }

    @Test
    void fewerGeneratorsWhereTheirWeightsWouldTakeMoreThanHalfOfTheMemory() {
        assertEquals(2, plan(100, 1, resources(8, false, 2 * 3 * WEIGHTS)).workers()); // 1 + 2 weights
        assertEquals(1, plan(100, 1, resources(8, false, WEIGHTS + SLOT)).workers());
        // all of the memory holds 1 + 8 weights and 8 slots
        long exactly = (9 * WEIGHTS + 8 * SLOT) / 2;
        assertEquals(8, plan(100, 1, resources(8, true, exactly)).workers());
        assertEquals(
                "--threads 8: the generators take 2.1 MB of weights and caches, this machine has 2.1 MB, allowed <= 7",
                refused(resources(8, true, exactly - 1)));
    }

    @Test
    void aModelThatDoesNotFitIsRefused() {
        long both = 2 * WEIGHTS;
        assertEquals(
                "model of 52,160 parameters: 0.4 MB for the weights as read and as loaded, allowed 0.4 MB (this"
                        + " machine's memory)",
                refused(new SamplingPlan.Resources(1, false, new Memory(both - 1, Long.MAX_VALUE))));
        assertEquals(
                "model of 52,160 parameters: weights of 0.2 MB as read, allowed 0.2 MB (direct memory of the JVM, see"
                        + " -XX:MaxDirectMemorySize in TRAMONTANE_JAVA_OPTS)",
                refused(new SamplingPlan.Resources(1, false, new Memory(Long.MAX_VALUE, WEIGHTS - 1))));
    }

    @Test
    void theCopyOfALargeModelThatIsLaidOutForDecodingCounts() {
        long weights = 8_018_592L * 4;
        SamplingPlan two = plan(LARGE, 100, 1, resources(8, false, 2 * 5 * weights)); // 1 + 2 x 2 weights
        assertEquals(2, two.workers());
        assertTrue(two.text().startsWith("weights 64.1 MB, KV cache "), two.text());
        SamplingPlan one = plan(LARGE, 100, 1, resources(1, true, 3 * weights + 7 * SLOT + SLOT / 2));
        assertEquals(7, one.config().slots());
    }
}
