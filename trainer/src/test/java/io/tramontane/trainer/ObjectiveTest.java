package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.FlatVector;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.Policy;
import io.tramontane.model.VectorRange;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.trainer.loss.LossConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static final LossConfig LOSS = LossConfig.defaults();
    private static final TrainerConfig CONFIG = new TrainerConfig(
            16, 16, 4096, 100, 0, 50, LOSS, new OptimizerConfig(1e-3, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1));

    /** The objective of design section 5, literally: over the tokens that the policy chose. */
    static double objective(double[] theta, List<ScoredGroup> groups) {
        SlowPolicy slow = new SlowPolicy(TinyGroups.SHAPE, theta);
        double[][] advantages =
                Advantages.of(groups.stream().map(ScoredGroup::values).toList());
        double sum = 0;
        long tokens = 0;
        for (int g = 0; g < groups.size(); g++) {
            int[] prompt = groups.get(g).group().promptTokens();
            for (int i = 0; i < advantages[g].length; i++) {
                Completion completion = groups.get(g).group().completions().get(i);
                double[] logprobs = slow.logprobs(join(prompt, completion.tokens()), prompt.length, 1.0);
                for (int t = 0; t < logprobs.length; t++) {
                    if (!completion.isChosen(t)) continue;
                    double ratio = Math.exp(logprobs[t] - completion.behaviourLogprobs()[t]);
                    double clipped = Math.max(1 - LOSS.low(), Math.min(1 + LOSS.high(), ratio));
                    sum += Math.min(ratio * advantages[g][i], clipped * advantages[g][i]);
                    tokens++;
                }
            }
        }
        return sum / tokens;
    }

    private static int[] join(int[] prompt, int[] completion) {
        int[] all = java.util.Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, all, prompt.length, completion.length);
        return all;
    }

    /** The gradient that the trainer finds, in microbatches of this many tokens. */
    static float[] gradient(double[] theta, List<ScoredGroup> groups, LossConfig loss, int budget) {
        TrainerConfig config = new TrainerConfig(16, 16, budget, 100, 0, 50, loss, OptimizerConfig.defaults());
        try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, theta))) {
            FlatVector gradient = policy.vector();
            MinibatchGradient minibatch = new MinibatchGradient(policy, config, 1.0);
            LossInputs inputs = new LossInputs(policy, null, config, 1.0, Collectives.ALONE);
            minibatch.addTo(
                    gradient,
                    inputs.of(minibatch.objective(), List.of(groups)).get(0).inputs());
            return gradient.read(new VectorRange(0, gradient.length()));
        }
    }

    @Test
    void programAndSlowTwinAgreeOnLogprobs() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 3);
        Random random = new Random(4);
        int[] prompt = random.ints(5, 0, 11).toArray();
        List<int[]> completions = List.of(
                random.ints(7, 0, 11).toArray(),
                random.ints(1, 0, 11).toArray(),
                random.ints(12, 0, 11).toArray());
        int[] other = random.ints(9, 0, 11).toArray();
        PackedSequences packed = PackedSequences.of(
                List.of(new PromptGroup(prompt, completions), new PromptGroup(new int[] {other[0]}, List.of(other))));
        SlowPolicy slow = new SlowPolicy(TinyGroups.SHAPE, theta);
        List<Double> expected = new ArrayList<>();
        for (int[] c : completions) for (double l : slow.logprobs(join(prompt, c), 5, 0.7)) expected.add(l);
        for (double l : slow.logprobs(join(new int[] {other[0]}, other), 1, 0.7)) expected.add(l);
        try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, theta))) {
            float[] found = policy.logprobs(packed, 0.7);
            assertEquals(expected.size(), found.length);
            for (int i = 0; i < found.length; i++) assertEquals(expected.get(i), found[i], 2e-5);
        }
    }

    @Test
    void gradientIsThatOfTheSlowTwinByFiniteDifferences() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 5);
        List<ScoredGroup> groups = TinyGroups.groups(4, 6);
        assertFiniteDifferences(theta, groups, 60);
    }

    /** That this many partial derivatives of the trainer are those of the {@link #objective}. */
    static void assertFiniteDifferences(double[] theta, List<ScoredGroup> groups, int trials) {
        float[] gradient = gradient(theta, groups, LOSS, 4096);
        Random random = new Random(7);
        double largest = 0;
        for (float g : gradient) largest = Math.max(largest, Math.abs(g));
        for (int trial = 0; trial < trials; trial++) {
            int i = random.nextInt(theta.length);
            double kept = theta[i];
            double step = 1e-5;
            theta[i] = kept + step;
            double above = objective(theta, groups);
            theta[i] = kept - step;
            double below = objective(theta, groups);
            theta[i] = kept;
            assertEquals(-(above - below) / (2 * step), gradient[i], 1e-4 * largest, "parameter " + i);
        }
    }

    @Test
    void anySplitAndAnyOrderGivesTheSameGradient() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 8);
        List<ScoredGroup> groups = TinyGroups.groups(6, 9);
        float[] whole = gradient(theta, groups, LOSS, 100_000);
        double norm = norm(whole);
        assertTrue(norm > 1e-3);
        List<ScoredGroup> shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, new Random(10));
        for (int budget : new int[] {1, 17, 40, 100}) {
            assertTrue(distance(whole, gradient(theta, groups, LOSS, budget)) < 1e-5 * norm, "budget " + budget);
            assertTrue(distance(whole, gradient(theta, shuffled, LOSS, budget)) < 1e-5 * norm, "shuffled " + budget);
        }
    }

    @Test
    void lengthsThatAreTooDifferentToBePaddedGiveTheSameGradient() {
        // one of 30 and eight of 1 after 2: 10 segments x (30 + 32) = 620 rows, without padding 4 + 62 + 8 x 4 = 98
        List<ScoredGroup> groups =
                List.of(TinyGroups.group(1, 2, new int[] {30, 1, 1, 1, 1, 1, 1, 1, 1}, new Random(20)));
        List<Microbatch> one =
                Packing.pack(groups, new double[1][9], 100_000, 1).get(0);
        assertEquals(1, one.size());
        assertFalse(PackedSequences.of(one.get(0).promptGroups()).isPadded());
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 21);
        float[] together = gradient(theta, groups, LOSS, 100_000);
        float[] nine = gradient(theta, groups, LOSS, 1); // each alone, padded
        double norm = norm(nine);
        assertTrue(norm > 1e-3);
        assertTrue(distance(together, nine) < 1e-5 * norm);
    }

    @Test
    void noSequenceSeesAnother() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 11);
        int[] prompt = {1, 2, 3};
        int[] mine = {4, 5, 6, 7};
        try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, theta))) {
            float[] alone = policy.logprobs(PackedSequences.of(join(prompt, mine), 3), 1.0);
            for (int[] neighbour : new int[][] {{9, 9, 9, 9, 9, 9, 9, 9}, {0}, {10, 1, 10}}) {
                float[] packed = policy.logprobs(
                        PackedSequences.of(List.of(
                                new PromptGroup(prompt, List.of(mine, neighbour)),
                                new PromptGroup(neighbour, List.of(neighbour)))),
                        1.0);
                assertArrayEquals(alone, java.util.Arrays.copyOf(packed, 4), 1e-6f);
            }
        }
    }

    @Test
    void aStepRaisesTheObjectiveAndCountsItsVersion() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 12);
        List<ScoredGroup> groups = TinyGroups.groups(4, 13);
        double before = objective(theta, groups);
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), CONFIG, 1.0)) {
            StepReport report = trainer.step(new Batch(1, groups));
            assertEquals(1, report.step());
            assertEquals(before, report.objective(), 1e-7);
            assertEquals(1, trainer.version());
            java.nio.ByteBuffer bytes =
                    java.nio.ByteBuffer.allocate(theta.length * 4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            trainer.snapshot().read(0, bytes);
            bytes.flip();
            double[] after = new double[theta.length];
            for (int i = 0; i < after.length; i++) after[i] = bytes.getFloat();
            assertTrue(objective(after, groups) > before);
        }
    }

    static double norm(float[] values) {
        return distance(values, new float[values.length]);
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) squares += ((double) a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(squares);
    }
}
