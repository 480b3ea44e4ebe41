package io.tramontane.trainer;

import static io.tramontane.trainer.ObjectiveTest.assertFiniteDifferences;
import static io.tramontane.trainer.ObjectiveTest.gradient;
import static io.tramontane.trainer.ObjectiveTest.norm;
import static io.tramontane.trainer.ObjectiveTest.objective;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.ScoredGroup;
import io.tramontane.trainer.loss.Configs;
import io.tramontane.trainer.loss.LossConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens within a completion that the policy did not choose, such as the result of a tool: context for the tokens behind
 * them, and nothing else.
 */
class ResponseMaskTest {
    private static final LossConfig MAGISTRAL = LossConfig.defaults();

    /** The same groups with a mask over the middle third of every completion of at least three tokens. */
    private static List<ScoredGroup> masked(List<ScoredGroup> groups, float recorded) {
        List<ScoredGroup> masked = new ArrayList<>();
        for (ScoredGroup scored : groups) {
            List<Completion> completions = new ArrayList<>();
            for (Completion c : scored.group().completions()) {
                boolean[] chosen = new boolean[c.length()];
                float[] behaviour = c.behaviourLogprobs().clone();
                for (int t = 0; t < chosen.length; t++) {
                    chosen[t] = !isHidden(t, chosen.length);
                    if (!chosen[t]) behaviour[t] = recorded;
                }
                completions.add(
                        new Completion(c.tokens(), behaviour, c.versions(), chosen, null, c.finished(), c.text()));
            }
            Group group = scored.group();
            masked.add(new ScoredGroup(
                    new Group(group.id(), group.problem(), group.promptTokens(), completions), scored.rewards()));
        }
        return masked;
    }

    private static boolean isHidden(int t, int length) {
        return length >= 3 && t >= length / 3 && t < 2 * length / 3;
    }

    @Test
    void theGradientIsThatOfTheChosenTokensAlone() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 5);
        List<ScoredGroup> groups = masked(TinyGroups.groups(4, 6), 0);
        assertFiniteDifferences(theta, groups, 40);
    }

    /** What stands beside a hidden token as its recorded log-probability reaches no weight, not even by rounding. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "magistral",
                "dr-grpo",
                "dapo",
                "gspo",
                "cispo",
                "gmpo",
                "sapo",
                "dppo-tv",
                "decoupled-ppo",
                "reinforce++"
            })
    void noLossLooksAtAHiddenToken(String name) {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 8);
        List<ScoredGroup> groups = TinyGroups.groups(4, 9);
        float[] zero = gradient(theta, masked(groups, 0), Configs.named(name), 60);
        float[] strange = gradient(theta, masked(groups, -77), Configs.named(name), 60);
        float[] all = gradient(theta, groups, Configs.named(name), 60);
        assertArrayEquals(zero, strange, 0f);
        assertTrue(norm(zero) > 1e-5, "there is a gradient");
        assertTrue(!Arrays.equals(zero, all), "the mask matters");
    }

    @Test
    void aCompletionOfHiddenTokensOnlyTrainsNothing() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 11);
        ScoredGroup scored = TinyGroups.groups(1, 12).get(0);
        List<Completion> hidden = scored.group().completions().stream()
                .map(c -> new Completion(
                        c.tokens(),
                        c.behaviourLogprobs(),
                        c.versions(),
                        new boolean[c.length()],
                        null,
                        c.finished(),
                        c.text()))
                .toList();
        Group group = scored.group();
        List<ScoredGroup> groups = List.of(new ScoredGroup(
                new Group(group.id(), group.problem(), group.promptTokens(), hidden), scored.rewards()));
        float[] gradient = gradient(theta, groups, MAGISTRAL, 4096);
        assertArrayEquals(new float[gradient.length], gradient, 0f);
    }

    @Test
    void metricsCountTheChosenTokens() {
        double[] theta = TinyGroups.theta(TinyGroups.SHAPE, 13);
        List<ScoredGroup> groups = masked(TinyGroups.groups(4, 14), 0);
        long chosen = groups.stream().mapToLong(g -> g.group().chosenTokens()).sum();
        TrainerConfig config = new TrainerConfig(
                16, 16, 4096, 100, 0, 50, MAGISTRAL, new OptimizerConfig(1e-3, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1));
        try (Trainer trainer = Trainer.fresh(TinyGroups.snapshot(TinyGroups.SHAPE, theta), config, 1.0)) {
            StepReport report = trainer.step(new Batch(1, groups));
            assertEquals(chosen, report.completionTokens());
            assertEquals(objective(theta, groups), report.objective(), 1e-6);
            assertTrue(report.entropy() > 0 && report.entropy() <= Math.log(11), "entropy " + report.entropy());
        }
    }
}
