package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rewards.Verifiers;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole run with the default lease and stall in which one group of right programs takes longer than both: 16 programs that
 * compute for nearly all of their 4 s in each of 20 tests. Twelve minutes on two cores, so only by hand; {@code
 * VerifierRoleTest} has the same with smaller numbers.
 */
@EnabledIfSystemProperty(named = "tramontane.slow", matches = "full")
class SlowProgramsTest {
    private static final int PROGRAMS = 16;
    private static final int TESTS = 20;
    private static final double SECONDS = 3.85; // Python's own start is computing, too

    private static final List<RewardBreakdown> slow = new CopyOnWriteArrayList<>();
    private static final List<Kind> meanwhile = new CopyOnWriteArrayList<>();
    private static final AtomicBoolean begun = new AtomicBoolean();
    private static volatile double seconds;

    @TempDir
    Path folder;

    /** Eight groups of four in one step, about half of them programs. */
    private static Config config() {
        GymConfig gym = GymConfig.defaults();
        GymConfig half = new GymConfig(
                gym.languages(),
                gym.levelWeights(),
                gym.families(),
                0.5,
                gym.codeLanguages(),
                gym.codeTopLevel(),
                gym.codeFamilies());
        ClusterConfig usual = ClusterConfig.defaults();
        return new Config(
                1,
                "builtin:tiny",
                new DataConfig("gym", "gym", "tiny", half),
                new RolloutConfig(4, 16, 4, 112, 64, 1.0, 1.0),
                new RewardConfig(64, 16, gym.languages(), TESTS, 4, 300, 10),
                new TrainerConfig(32, 32, 1600, 1, 0, 100, LossConfig.defaults(), OptimizerConfig.defaults()),
                new EvaluationConfig(0, 1000, false),
                new ClusterConfig(1, 1, 1, 1, 0, usual.leaseSeconds(), usual.stallSeconds(), 1e-3),
                ReportConfig.defaults());
    }

    @Test
    void aGroupOfSlowProgramsNeitherEndsARunNorHoldsUpOtherGroups() {
        Config config = config();
        try (Verifiers verifiers = Verifiers.open(config.rewards(), 1)) {
            Assumptions.assumeTrue(verifiers.codeAvailable(), verifiers.codeUnavailableReason());
        }
        TinyRun told = new TinyRun();
        TrainRun.Setup setup = told.setup(config, folder);
        TrainRun.run(
                config,
                new RunFolder(folder),
                false,
                "local[*]",
                new TrainRun.Setup(new SlowRoles(config, setup.roles()), setup.policy(), told));
        assertEquals(List.of(1), told.column("step"));
        assertEquals("all steps made", told.end.get(0).get("reason"));
        assertTrue(Audit.of(RunState.eventsFile(new RunFolder(folder))).exact());
        assertEquals(
                PROGRAMS,
                slow.stream().filter(r -> r.verdict() == Verdict.CORRECT).count(),
                slow.toString());
        System.err.printf(Locale.ROOT, "the slow group took %.1f s, meanwhile scored: %s%n", seconds, meanwhile);
        assertTrue(
                seconds > config.cluster().leaseSeconds()
                        && seconds > config.cluster().stallSeconds(),
                "" + seconds);
        assertTrue(meanwhile.contains(Kind.MATH) && meanwhile.contains(Kind.CODE), meanwhile.toString());
    }

    /** The first group of programs is judged as if the policy had written slow ones; all others by their tokens. */
    private static final class SlowRoles extends ForwardingRoles {
        private final Config config;

        SlowRoles(Config config, RoleFactory roles) {
            super(roles);
            this.config = config;
        }

        @Override
        RoleFactory of(RoleFactory others) {
            return new SlowRoles(config, others);
        }

        @Override
        public GroupVerifier verifier() {
            Verifiers verifiers = Verifiers.open(config.rewards(), config.seed());
            GroupVerifier byTokens = roles.verifier();
            return new GroupVerifier() {
                @Override
                public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
                    boolean programs = group.problem().kind() == Kind.CODE;
                    if (programs && begun.compareAndSet(false, true)) judgeSlowPrograms(verifiers, progress);
                    else if (begun.get() && slow.isEmpty())
                        meanwhile.add(group.problem().kind());
                    return byTokens.score(group, step, progress);
                }

                @Override
                public void close() {
                    verifiers.close();
                    byTokens.close();
                }
            };
        }
    }

    private static void judgeSlowPrograms(Verifiers verifiers, Runnable progress) {
        List<TestCase> tests = new ArrayList<>();
        for (int i = 0; i < TESTS; i++) tests.add(new TestCase(i + "\n", i + 1 + "\n"));
        Problem next = Problem.code("next", "en", "Print the next number.", CodeLanguage.PYTHON, tests, Map.of());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < PROGRAMS; i++)
            texts.add("<think>x</think>\n```python\nimport time # " + i + "\nwhile time.process_time() < " + SECONDS
                    + ": pass\nprint(int(input()) + 1)\n```");
        long start = System.nanoTime();
        List<RewardBreakdown> rewards =
                verifiers.score(next, 0, 1, Verifiers.Written.ofTexts(texts, new int[texts.size()]), progress);
        seconds = (System.nanoTime() - start) / 1e9;
        slow.addAll(rewards);
    }
}
