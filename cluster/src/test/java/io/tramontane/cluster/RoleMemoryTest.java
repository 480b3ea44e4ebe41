package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.Problem;
import io.tramontane.model.PolicyConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoleMemoryTest {
    private static final long MEGABYTE = 1 << 20;

    /** 135,128,448 parameters: a copy of them is 515.47 MB. */
    private static final PolicyConfig POLICY =
            new PolicyConfig(38, 576, 9, 3, 64, 1536, 1049, 192, 10_000, 1e-6, true, 1);

    private static Config config(String... sets) {
        return ConfigReader.read(Config.defaults(), Optional.empty(), List.of(sets));
    }

    private static long direct(String role, String... sets) {
        return RoleMemory.megabytes(
                RoleMemory.of(role, config(sets), POLICY, false).direct());
    }

    @Test
    void aGeneratorHasTwoCopiesAndTheOneThatEvaluatesTwoMore() {
        assertEquals(135_128_448, POLICY.parameters());
        assertEquals(2318, direct("generator", "evaluation.problems=8")); // 256 + 4 x 515.47
        assertEquals(1287, direct("generator", "evaluation.problems=0"));
    }

    @Test
    void aTrainerServesWhatItsRanksShareAndRestoresACheckpointInPieces() {
        assertEquals(1803, direct("trainer", "evaluation.problems=8")); // 256 + 3 x 515.47
        assertEquals(2318, direct("trainer", "evaluation.problems=8", "trainer.loss.klCoef=0.1"));
        String ema = "trainer.loss.reference=ema"; // copies of the mean and of what it follows
        assertEquals(2834, direct("trainer", "evaluation.problems=8", "trainer.loss.klCoef=0.1", ema));
        assertEquals(
                1287, direct("trainer", "evaluation.problems=0")); // what it serves and what is fetched: 2 x 515.47
        // a half: two versions and what is fetched
        assertEquals(1030, direct("trainer", "evaluation.problems=8", "cluster.trainers=2", "trainer.shard=full"));
        assertEquals(256, direct("verifier"));
        assertEquals(
                2318 * MEGABYTE,
                RoleMemory.megabytes(RoleMemory.most(config(), POLICY).direct()) * MEGABYTE);
    }

    @Test
    void theHeapHoldsABatchOfTheLongestCompletions() {
        String[] sets = {"trainer.batchSize=64", "rollout.groupSize=8", "rollout.maxTokens=16384", "rollout.slots=4"};
        String[] prompts = {"rollout.maxPromptTokens=1024", "trainer.minibatchSize=64", "evaluation.problems=0"};
        String[] all = Stream.of(sets, prompts).flatMap(Stream::of).toArray(String[]::new);
        // 8 groups of 1,024 + 8 x 16,384 tokens, each 64 bytes: 64.5 MB
        assertEquals(256 + 65, heap("trainer", all));
        assertEquals(256 + 65, heap("verifier", all));
        // 4 slots of 17,408 tokens, and one finished group: 4.25 + 8.06 MB
        assertEquals(256 + 13, heap("generator", all));
        sets[0] = "trainer.batchSize=8192";
        prompts[1] = "trainer.minibatchSize=8192";
        Config large = config(Stream.of(sets, prompts).flatMap(Stream::of).toArray(String[]::new));
        RoleMemory trainer = RoleMemory.of("trainer", large, POLICY, false);
        ProcessMemory process = new ProcessMemory(240_000 * MEGABYTE, 990 * MEGABYTE, 9000 * MEGABYTE);
        String message = assertThrows(
                        BadInputException.class,
                        () -> trainer.check("trainer-1", process, RoleMemory.most(large, POLICY)))
                .getMessage();
        // 256 + 128 x 64.5 = 8,512; one twentieth more: 8937.6
        assertEquals(
                "trainer-1: its process has a Java heap of 990 MB and needs up to 8,512 MB for groups and batches of the"
                        + " longest completions, set spark.executor.memory=8938m (of local-cluster[...] the third number), or"
                        + " lower trainer.batchSize, rollout.slots or rollout.maxTokens",
                message);
    }

    private static long heap(String role, String... sets) {
        return RoleMemory.megabytes(
                RoleMemory.of(role, config(sets), POLICY, false).heap());
    }

    /** What a batch takes in a process of a trainer is measured here: bytes on their way, and the objects made of them. */
    @Test
    void aTokenOfABatchTakesLessThanItIsCountedFor() {
        int tokens = 4096;
        String text = "word ".repeat(tokens);
        Completion completion = new Completion(new int[tokens], new float[tokens], new int[tokens], true, text);
        Problem problem = Problem.math("p", "en", "1+1=?", "2", Map.of());
        Group group = new Group(0, problem, new int[] {1}, Collections.nCopies(64, completion));
        double sent = GroupArrow.toBytes(List.of(group)).length / (64.0 * tokens);
        double objects = 3 * Integer.BYTES + 5; // Latin text; others have two bytes a character
        assertTrue(
                sent > 17 && 2 * sent + objects < 64, sent + " bytes a token on their way"); // chunks grow by doubling
    }

    @Test
    void aProcessThatIsTooSmallIsNamedWithTheSettingAndItsValue() {
        RoleMemory generator = RoleMemory.of("generator", config("rollout.slots=4"), POLICY, false);
        ProcessMemory heapAlone = new ProcessMemory(24_000 * MEGABYTE, 990 * MEGABYTE, 990 * MEGABYTE);
        assertEquals(
                "generator-0: its process may take 990 MB of direct memory and needs up to 2,318 MB for copies of the"
                        + " weights, set -XX:MaxDirectMemorySize=2318m in spark.executor.extraJavaOptions",
                assertThrows(BadInputException.class, () -> generator.check("generator-0", heapAlone, generator))
                        .getMessage());
        ProcessMemory container = new ProcessMemory(600 * MEGABYTE, 990 * MEGABYTE, 4_000 * MEGABYTE);
        String message = assertThrows(
                        BadInputException.class, () -> generator.check("generator-0", container, generator))
                .getMessage();
        assertTrue(message.startsWith("generator-0: its process has 600 MB of memory and needs at least "), message);
        assertTrue(message.matches(".* set spark.executor.memoryOverhead=\\d+m .*"), message);
        ProcessMemory enough = new ProcessMemory(24_000 * MEGABYTE, 990 * MEGABYTE, 2318 * MEGABYTE);
        assertDoesNotThrow(() -> generator.check("g", enough, generator));
    }

    @Test
    void executorsAreStartedWithTheLimitUnlessTheUserHasOne() {
        String key = "spark.executor.extraJavaOptions";
        assertTrue(options(key, null).endsWith(" -XX:MaxDirectMemorySize=2318m"), options(key, null));
        assertTrue(options(key, "-Da=b").matches("-Da=b .*-XX:MaxDirectMemorySize=2318m"), options(key, "-Da=b"));
        String given = options(key, "-XX:MaxDirectMemorySize=5g");
        assertTrue(given.startsWith("-XX:MaxDirectMemorySize=5g ") && !given.contains("2318m"), given);
        assertEquals(
                "spark.executor.extraJavaOptions has -XX:MaxDirectMemorySize=2317M, an executor needs up to 2318m for copies"
                        + " of the weights: allowed >= 2318m",
                assertThrows(BadInputException.class, () -> options(key, "-Da=b -XX:MaxDirectMemorySize=2317M"))
                        .getMessage());
    }

    private static String options(String key, String given) {
        if (given != null) System.setProperty(key, given); // SparkConf reads it
        try {
            Cluster cluster = new Cluster(config(), "local-cluster[3,1,1024]");
            cluster.giveDirectMemory(2318 * MEGABYTE);
            return cluster.setting(key);
        } finally {
            System.clearProperty(key);
        }
    }
}
