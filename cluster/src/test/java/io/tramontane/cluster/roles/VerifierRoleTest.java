package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.flight.FlightHost;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.ModelFolder;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.Verifiers;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real verifier, real programs, and a driver with a short patience. The programs sleep, so nobody waits for them. */
@Timeout(120)
class VerifierRoleTest {
    private static final Holder GENERATOR = new Holder("generator-0", 0);
    private static final Holder VERIFIER = new Holder("verifier-0", 0);
    private static final int PATIENCE = 8;
    private static final int TESTS = 5;
    private static final double SECONDS = 1.8;

    @TempDir
    Path folder;

    private static Config config() {
        GymConfig gym = GymConfig.defaults();
        return new Config(
                1,
                "builtin:tiny",
                new DataConfig("gym", "gym", "tiny", gym),
                new RolloutConfig(4, 16, 4, 112, 64, 1.0, 1.0),
                new RewardConfig(64, 16, gym.languages(), TESTS, 4, 300, 10),
                new TrainerConfig(8, 8, 1600, 1, 0, 100, LossConfig.defaults(), OptimizerConfig.defaults()),
                new EvaluationConfig(0, 1000, false),
                new ClusterConfig(1, 1, 1, 1, 3, PATIENCE, PATIENCE, 1e-3),
                ReportConfig.defaults());
    }

    private static Group programs(long id, int count, int each, double seconds) {
        List<TestCase> tests = new ArrayList<>();
        for (int i = 0; i < each; i++) tests.add(new TestCase(i + "\n", i + 1 + "\n"));
        Problem next = Problem.code("next" + id, "en", "Print the next one.", CodeLanguage.PYTHON, tests, Map.of());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++)
            texts.add("<think>x</think>\n```python\nimport time # " + i + "\ntime.sleep(" + seconds
                    + ")\nprint(int(input()) + 1)\n```");
        return group(id, next, texts);
    }

    private static Group maths(long id) {
        Problem sum = Problem.math("sum" + id, "en", "What is 3 + 4?", "7", Map.of());
        return group(id, sum, List.of("<think>x</think>\\boxed{7}", "<think>x</think>\\boxed{8}"));
    }

    private static Group group(long id, Problem problem, List<String> texts) {
        List<Completion> completions = texts.stream()
                .map(text -> new Completion(new int[] {7}, new float[] {-0.5f}, new int[] {0}, true, text))
                .toList();
        return new Group(id, problem, new int[] {1, 2}, completions);
    }

    @Test
    void aGroupOfSlowProgramsNeitherEndsARunNorHoldsUpOtherGroups() throws IOException, InterruptedException {
        Config config = config();
        try (Verifiers verifiers = Verifiers.open(config.rewards(), 1)) {
            Assumptions.assumeTrue(verifiers.codeAvailable(), verifiers.codeUnavailableReason());
        }
        ModelRoleFactory roles = new ModelRoleFactory(config, ModelFolder.resolve(config.model()));
        RunFolder run = new RunFolder(folder);
        run.makeParts();
        Secret secret = Secret.create();
        try (BufferAllocator allocator = new RootAllocator();
                RunState state = new RunState(
                        config,
                        run,
                        new RunState.Past(History.read(run.events()), 0),
                        roles.prompts(),
                        new RunListener() {});
                FlightHost host = new FlightHost(allocator, "127.0.0.1", secret, new Driver(state))) {
            RunPlan plan = new RunPlan(config, null, roles, host.address(), secret, "127.0.0.1", folder.toString());
            Thread role = new Thread(() -> VerifierRole.run(plan, VERIFIER), "verifier-0");
            role.start();
            boolean up = state.signal()
                    .await(Duration.ofSeconds(60), () -> Optional.of(true).filter(x -> isUp(state)))
                    .isPresent();
            assertTrue(up, "no verifier"); // the driver's patience begins when all are up
            judge(state);
            state.stop();
            role.join(Duration.ofSeconds(20).toMillis());
            assertTrue(!role.isAlive(), "the verifier did not end");
        }
    }

    private static boolean isUp(RunState state) {
        return state.tasks().missing(TaskRegistry.VERIFIER, 1).isEmpty();
    }

    private static void judge(RunState state) {
        state.ledger().published(0);
        assertEquals(
                8,
                state.ledger()
                        .lease(GENERATOR, () -> 0, 8, Duration.ofSeconds(1))
                        .size());
        int cores = Runtime.getRuntime().availableProcessors();
        long start = System.nanoTime();
        List<Group> groups = List.of(programs(0, 2 * cores, TESTS, SECONDS), maths(1), programs(2, 2, 1, 0), maths(3));
        groups.forEach(group -> state.ledger().deliver(GENERATOR, group));
        await(state, () -> waiting(state) == 1);
        double others = (System.nanoTime() - start) / 1e9;
        await(state, () -> waiting(state) == 0);
        double all = (System.nanoTime() - start) / 1e9;
        assertTrue(all >= 2 * TESTS * SECONDS && all > PATIENCE, "too quick to say anything: " + all);
        assertTrue(others < 0.8 * all, "the others were done after " + others + " of " + all + " s");
        String where = state.ledger().summary(); // groups of programs are all right: no signal; each of maths has one
        assertTrue(where.contains("4 leased, 0 delivered, 2 ready"), where);
    }

    private static long waiting(RunState state) {
        return Long.parseLong(state.ledger().summary().replaceAll(".* (\\d+) at verifiers$", "$1"));
    }

    /** Looks every second at the latest whether the run stands still, as the driver does. */
    private static void await(RunState state, BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!done.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < end, "nothing came: " + state.ledger().summary());
            state.signal().await(Duration.ofMillis(500), () -> Optional.of(true).filter(x -> done.getAsBoolean()));
            state.checkStall();
            assertEquals(Optional.empty(), state.failure());
        }
    }
}
