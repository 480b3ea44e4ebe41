package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.model.PolicyConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanFitTest {
    /** About 10 million numbers in 8 layers: weights are most of the memory where passes are short. */
    private static final PolicyConfig SHAPE =
            new PolicyConfig(8, 256, 8, 4, 32, 768, 4096, 4096, 10_000, 1e-5, true, 0);

    private static Plan plan(String... more) {
        List<String> sets = new ArrayList<>(List.of(
                "trainer.batchSize=64",
                "trainer.minibatchSize=64",
                "trainer.microbatchTokens=4096",
                "rollout.groupSize=16",
                "rollout.maxPromptTokens=64",
                "rollout.maxTokens=192",
                "rewards.maxLength=192",
                "rewards.lengthCache=32"));
        sets.addAll(List.of(more));
        return new Plan(ConfigReader.read(Config.defaults(), Optional.empty(), sets), SHAPE);
    }

    private static Optional<List<String>> sets(Plan plan, long memory) {
        return new PlanFit(plan, Plan::trainerBytes, memory).sets();
    }

    private static long bytes(String... more) {
        return plan(more).trainerBytes();
    }

    @Test
    void theFirstChangeIsWhatAPassKeeps() {
        assertEquals(Optional.of(List.of("trainer.keep=blocks")), sets(plan(), bytes("trainer.keep=blocks")));
    }

    @Test
    void whereThatIsTooLittleMicrobatchesGetSmaller() {
        long memory = bytes("trainer.keep=blocks") - 1;
        List<String> found = sets(plan(), memory).orElseThrow();
        assertEquals(1, found.size());
        int tokens = Integer.parseInt(found.get(0).replace("trainer.microbatchTokens=", ""));
        assertTrue(bytes("trainer.microbatchTokens=" + tokens) <= memory);
        assertTrue(bytes("trainer.microbatchTokens=" + (tokens + 256)) > memory, found.toString());
    }

    @Test
    void momentsAreDividedBeforeWeights() {
        String[] two = {"cluster.trainers=2", "trainer.keep=blocks", "trainer.microbatchTokens=256"};
        long divided = bytes(two[0], two[1], two[2], "trainer.shard=optimizer");
        assertEquals(Optional.of(List.of("trainer.shard=optimizer")), sets(plan(two), divided));
        assertEquals(Optional.of(List.of("trainer.shard=full")), sets(plan(two), divided - 1));
    }

    @Test
    void oneRankNeedsOthersToDivideWith() {
        String[] least = {"trainer.keep=blocks", "trainer.microbatchTokens=256", "trainer.optimizer.moments=bfloat16"};
        long four = bytes(least[0], least[1], least[2], "trainer.shard=full", "cluster.trainers=4");
        assertEquals(Optional.of(List.of("trainer.shard=full", "cluster.trainers=4")), sets(plan(least), four));
        assertEquals(Optional.of(List.of("trainer.shard=full", "cluster.trainers=8")), sets(plan(least), four - 1));
    }

    @Test
    void whatNothingMakesFitIsToldWithTheLeastThatItTakes() {
        String text = new PlanFit(plan(), Plan::trainerBytes, 1000).text();
        assertTrue(text.startsWith("; no trainer.keep, trainer.microbatchTokens, "), text);
        assertTrue(text.contains(" up to 1024 make it fit, the least takes "), text);
    }
}
