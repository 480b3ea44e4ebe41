package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.FlatVector;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.VectorRange;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.trainer.loss.Aggregation;
import io.tramontane.trainer.loss.Configs;
import io.tramontane.trainer.loss.CorrectionRule;
import io.tramontane.trainer.loss.KlEstimator;
import io.tramontane.trainer.loss.LossConfig;
import io.tramontane.trainer.loss.Measure;
import io.tramontane.trainer.loss.Objective;
import io.tramontane.trainer.loss.ReferenceRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the config's loss to steps: what the policy, its start of the step and a reference are asked for. */
class StepLossTest {
    private static final List<VectorRange> ALL = List.of(new VectorRange(0, TinyGroups.SHAPE.parameters()));
    private static final double[] THETA = TinyGroups.theta(TinyGroups.SHAPE, 31);

    private static TrainerConfig config(LossConfig loss, int minibatchSize) {
        return new TrainerConfig(
                16, minibatchSize, 60, 100, 0, 50, loss, new OptimizerConfig(1e-2, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1));
    }

    private static Trainer trainer(LossConfig loss, int minibatchSize) {
        return Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, THETA), config(loss, minibatchSize), 1.0);
    }

    private static Batch batch(int step) {
        return new Batch(step, TinyGroups.groups(4, 200 + step));
    }

    @Test
    void everyLossWithEveryCorrectionTakesSteps() {
        Set<String> digests = new TreeSet<>();
        List<String> names = List.of(
                "magistral",
                "dr-grpo",
                "dapo",
                "gspo",
                "cispo",
                "gmpo",
                "sapo",
                "dppo-tv",
                "decoupled-ppo",
                "reinforce++");
        for (String name : names)
            for (CorrectionRule correction : CorrectionRule.values())
                try (Trainer trainer = trainer(Configs.corrected(name, correction), 8)) {
                    StepReport report = trainer.step(batch(1));
                    assertTrue(Double.isFinite(report.objective()) && Double.isFinite(report.gradNorm()), name);
                    Set<String> measured =
                            switch (correction) {
                                case AUTO, NONE -> Set.of(); // nobody samples with int8 here
                                case TIS -> Set.of("correctionBoundShare");
                                case ICEPOP, SEQUENCE_MASK -> Set.of("correctionMaskedShare");
                            };
                    assertEquals(measured, report.others().keySet());
                    if (correction == CorrectionRule.NONE)
                        digests.add(trainer.snapshot().digest());
                }
        assertEquals(names.size(), digests.size()); // no two losses are the same
    }

    @Test
    void theGradientThroughThePolicyIsTheDerivativeOfWhatIsMeasured() {
        for (LossConfig loss : List.of(
                Configs.clipped("magistral", 0.99, 99), // no bends: all clips are wide
                Configs.named("sapo"),
                Configs.clipped("gspo", 0.99, 99),
                Configs.clipped("gmpo", 9, 9)))
            for (double extra : new double[] {0, 0.3}) {
                TrainerConfig config = config(loss, 16);
                try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, THETA));
                        ReferencePolicy reference = reference(41)) {
                    MinibatchGradient minibatch = new MinibatchGradient(policy, config, 1.0);
                    Objective plain = minibatch.objective();
                    Objective objective =
                            new Objective(plain.loss(), plain.correction(), extra, KlEstimator.UNBIASED, extra / 3);
                    List<LossInput> inputs = new LossInputs(policy, reference, config, 1.0, Collectives.ALONE)
                            .of(objective, List.of(TinyGroups.groups(4, 32)))
                            .get(0)
                            .inputs();
                    MinibatchGradient whole = new MinibatchGradient(policy, config, 1.0, objective);
                    FlatVector vector = policy.vector();
                    whole.addTo(vector, inputs);
                    float[] gradient = vector.read(new VectorRange(0, vector.length()));
                    double norm = 0;
                    for (float g : gradient) norm += g * g;
                    norm = Math.sqrt(norm);
                    double step = 2e-4;
                    double above = objectiveAt(policy, whole, inputs, gradient, step / norm);
                    double below = objectiveAt(policy, whole, inputs, gradient, -step / norm);
                    assertEquals(-norm, (above - below) / (2 * step), 0.01 * norm, loss.name() + " " + extra);
                }
            }
    }

    private static ReferencePolicy reference(long seed) {
        return new ReferencePolicy(
                TinyGroups.snapshot(TinyGroups.SHAPE, TinyGroups.theta(TinyGroups.SHAPE, seed)),
                new Computation(1, io.tramontane.model.Numerics.FAST, io.tramontane.model.ComputeDevice.CPU),
                config(LossConfig.defaults(), 16));
    }

    /** J with the weights moved along a direction. */
    private static double objectiveAt(
            Policy policy, MinibatchGradient minibatch, List<LossInput> inputs, float[] direction, double step) {
        double[] moved = THETA.clone();
        for (int i = 0; i < moved.length; i++) moved[i] += step * direction[i];
        policy.load(TinyGroups.snapshot(TinyGroups.SHAPE, moved));
        double found = minibatch.addTo(policy.vector(), inputs).measures().get(Measure.OBJECTIVE);
        policy.load(TinyGroups.snapshot(TinyGroups.SHAPE, THETA));
        return found;
    }

    private static List<List<LossInput>> inputs(Policy policy, LossConfig loss, List<List<ScoredGroup>> minibatches) {
        TrainerConfig config = config(loss, 16 / minibatches.size());
        return new LossInputs(policy, null, config, 1.0, Collectives.ALONE)
                .of(new MinibatchGradient(policy, config, 1.0).objective(), minibatches).stream()
                        .map(LossInputs.Share::inputs)
                        .toList();
    }

    @Test
    void theProximalPolicyIsAskedOnlyWhereItIsNeededAndNotTheOneThatIsTrained() {
        List<ScoredGroup> groups = TinyGroups.groups(4, 33);
        List<List<ScoredGroup>> two = List.of(groups.subList(0, 2), groups.subList(2, 4));
        try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, THETA))) {
            for (List<LossInput> minibatch : inputs(policy, LossConfig.defaults(), two))
                for (LossInput input : minibatch)
                    assertArrayEquals(input.micro().behaviour(), input.proximalLogprobs(), 0);
            for (List<LossInput> minibatch : inputs(policy, Configs.named("decoupled-ppo"), two))
                for (LossInput input : minibatch) {
                    PackedSequences packed = PackedSequences.of(input.micro().promptGroups());
                    assertArrayEquals(policy.logprobs(packed, 1.0), input.proximalLogprobs(), 0);
                }
            // with one update a step the weights of its start are those of the pass: nothing is computed twice
            for (LossInput input : inputs(policy, Configs.named("decoupled-ppo"), List.of(groups))
                    .get(0)) {
                assertEquals(0, input.proximalLogprobs().length);
                float[] now = new float[input.weights().length];
                assertSame(now, input.with(now).proximalLogprobs());
            }
        }
    }

    @Test
    void weightsOfAMinibatchAddUpAsTheAggregationSays() {
        List<ScoredGroup> groups = TinyGroups.groups(4, 34);
        try (Policy policy = new Policy(TinyGroups.snapshot(TinyGroups.SHAPE, THETA))) {
            long tokens =
                    groups.stream().mapToLong(g -> g.group().completionTokens()).sum();
            assertEquals(
                    1,
                    sum(inputs(policy, LossConfig.defaults(), List.of(groups)).get(0)),
                    1e-5);
            assertEquals(
                    1,
                    sum(inputs(policy, Configs.named("gspo"), List.of(groups)).get(0)),
                    1e-5);
            // 16 completions, L = 10
            assertEquals(
                    tokens / 160.0,
                    sum(inputs(policy, Configs.named("dr-grpo"), List.of(groups))
                            .get(0)),
                    1e-5);
            assertEquals(Aggregation.CONSTANT_LENGTH, Configs.named("dr-grpo").ownAggregation());
        }
    }

    private static double sum(List<LossInput> inputs) {
        double sum = 0;
        for (LossInput input : inputs) for (float weight : input.weights()) sum += weight;
        return sum;
    }

    @Test
    void theLongestCompletionIsTheConstantLengthThatNobodySet() {
        LossConfig loss = Configs.toReference(ReferenceRule.START, 0.5);
        assertEquals(0, loss.constantLength());
        assertEquals(7, loss.withConstantLength(7).constantLength());
        assertEquals(10, Configs.named("dr-grpo").withConstantLength(7).constantLength());
    }

    @Test
    void theReferenceOfTheStartIsAtZeroDistanceAndThenIsLeftBehind() {
        try (Trainer trainer = trainer(Configs.toReference(ReferenceRule.START, 0.5), 16)) {
            assertEquals(0, trainer.step(batch(1)).others().get("referenceKl"), 1e-9);
            assertTrue(trainer.step(batch(2)).others().get("referenceKl") > 1e-5);
        }
    }

    @Test
    void aMovingAverageIsCloserThanTheStart() {
        double start;
        double mean;
        try (Trainer trainer = trainer(Configs.toReference(ReferenceRule.START, 0.5), 16)) {
            for (int step = 1; step <= 3; step++) trainer.step(batch(step));
            start = trainer.step(batch(4)).others().get("referenceKl");
        }
        try (Trainer trainer = trainer(Configs.toReference(ReferenceRule.EMA, 0.5), 16)) {
            for (int step = 1; step <= 3; step++) trainer.step(batch(step));
            mean = trainer.step(batch(4)).others().get("referenceKl");
        }
        assertTrue(mean > 0 && mean < start, mean + " " + start);
    }

    @Test
    void theAverageIsHalfOfEach() {
        try (ReferencePolicy reference = reference(41)) {
            float before = first(reference.snapshot(0, ALL));
            var now = TinyGroups.snapshot(TinyGroups.SHAPE, THETA);
            reference.follow(now, 0.75);
            assertEquals(0.75f * before + 0.25f * first(now), first(reference.snapshot(1, ALL)), 1e-7f);
        }
    }

    private static float first(io.tramontane.model.WeightSnapshot weights) {
        var bytes = java.nio.ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        weights.read(0, bytes);
        return bytes.flip().getFloat();
    }

    @Test
    void aResumedTrainerHasTheReferenceOfBefore(@TempDir Path folder) {
        for (ReferenceRule rule : ReferenceRule.values()) {
            LossConfig loss = Configs.toReference(rule, 0.5);
            Path checkpoint = folder.resolve(rule + "/step-000002");
            String straight;
            try (Trainer trainer = trainer(loss, 8)) {
                trainer.step(batch(1));
                trainer.step(batch(2));
                trainer.save(checkpoint, null);
                trainer.step(batch(3));
                straight = trainer.snapshot().digest();
            }
            assertTrue(Files.exists(checkpoint.resolve("optimizer/reference.safetensors")));
            try (Trainer trainer = Trainer.restore(checkpoint, config(loss, 8), 1.0)) {
                trainer.step(batch(3));
                assertEquals(straight, trainer.snapshot().digest());
            }
            // without the reference it would have been another one
            try (Trainer trainer = Trainer.restore(checkpoint, config(LossConfig.defaults(), 8), 1.0)) {
                trainer.step(batch(3));
                assertNotEquals(straight, trainer.snapshot().digest());
            }
        }
    }

    @Test
    void constantLengthNeedsItsLength() {
        LossConfig d = Configs.named("dr-grpo");
        LossConfig unknown = new LossConfig(
                d.name(),
                d.advantage(),
                d.aggregation(),
                d.correction(),
                0,
                0,
                0,
                0,
                1,
                1,
                0,
                0,
                d.klEstimator(),
                0,
                d.reference(),
                0.5,
                d.options());
        try (Trainer trainer = trainer(unknown, 16)) {
            assertEquals(
                    "trainer.loss.constantLength 0, allowed >= 1 where nobody samples",
                    assertThrows(IllegalArgumentException.class, () -> trainer.step(batch(1)))
                            .getMessage());
        }
    }

    @Test
    void weightsThatAreNoNumbersEndTheStepWithOneLineAndAreNotPublished() {
        double[] theta = THETA.clone();
        theta[5] = Double.NaN;
        try (Trainer trainer = Trainer.fresh(
                TinyGroups.snapshot(TinyGroups.SHAPE, theta), config(Configs.named("magistral"), 8), 1.0)) {
            String before = trainer.digest();
            String message = assertThrows(BadInputException.class, () -> trainer.step(batch(1)))
                    .getMessage();
            assertEquals(
                    "step 1, minibatch 1 of 2: the norm of the gradient is NaN, must be finite; the weights are as they were",
                    message);
            assertEquals(0, trainer.version());
            assertEquals(before, trainer.digest());
        }
    }
}
