package io.tramontane.app;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.ModelRoleFactory;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A training run of a few small steps, and the events that it reported. */
final class TinyRun implements RunListener {
    final List<Map<String, Object>> train = new CopyOnWriteArrayList<>();
    final List<Map<String, Object>> eval = new CopyOnWriteArrayList<>();
    final List<Map<String, Object>> end = new CopyOnWriteArrayList<>();
    final List<Sample> samples = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();

    /** Seconds of training of earlier processes. */
    double trainSecondsBefore;

    @Override
    public double trainSecondsBefore() {
        return trainSecondsBefore;
    }

    /** The reward as a function of the sum of a completion's tokens: 1 is a right answer. */
    TokenReward reward = sum -> sum % 2;

    /** Serialized to the verifier's task. */
    interface TokenReward extends Serializable {
        int of(int tokens);
    }

    /** Two groups of four per step, an optimizer step for each, from the cold start that ships with the program. */
    static Config config(int steps, int maxLag, int checkpointEvery) {
        return config(steps, 0, checkpointEvery, new ClusterConfig(1, 1, 1, 1, maxLag, 60, 300, 1e-3));
    }

    /** The same for at most some minutes (0: no limit), with limits of its own. */
    static Config config(int steps, double minutes, int checkpointEvery, ClusterConfig cluster) {
        GymConfig gym = GymConfig.defaults();
        return new Config(
                1,
                "builtin:tiny",
                new DataConfig("gym", "gym", "tiny", gym),
                new RolloutConfig(4, 16, 4, 112, 64, 1.0, 1.0),
                new RewardConfig(64, 16, gym.languages(), 20, 4, 300, 10),
                new TrainerConfig(
                        8, 4, 1600, steps, minutes, checkpointEvery, LossConfig.defaults(), OptimizerConfig.defaults()),
                new EvaluationConfig(8, 1000, true),
                cluster,
                ReportConfig.defaults());
    }

    @Override
    public void message(String line) {
        messages.add(line);
    }

    @Override
    public void train(Map<String, Object> row) {
        train.add(row);
    }

    @Override
    public void eval(Map<String, Object> row) {
        eval.add(row);
    }

    @Override
    public void samples(List<Sample> some) {
        samples.addAll(some);
    }

    @Override
    public void end(Map<String, Object> row) {
        end.add(row);
    }

    /** A two-layer policy with random weights in the run's parent folder, and verifiers that reward at random. */
    TrainRun.Setup setup(Config config, Path scratch) {
        RandomModel.in(scratch.resolve("model"));
        return setup(config, scratch, RandomModel.SHAPE);
    }

    /** The same with the policy that is in the folder already. */
    TrainRun.Setup setup(Config config, Path scratch, PolicyConfig shape) {
        return new TrainRun.Setup(
                new TokenRewardRoles(
                        new ModelRoleFactory(config, scratch.resolve("model")), scratch.toString(), reward),
                shape,
                this);
    }

    /**
     * What the program builds, but the reward depends on the sampled tokens alone, so that random weights have a signal. Writes the
     * process of generator and trainer into files of the scratch folder.
     */
    private static final class TokenRewardRoles extends ForwardingRoles {
        private final String scratch;
        private final TokenReward reward;

        TokenRewardRoles(RoleFactory roles, String scratch, TokenReward reward) {
            super(roles);
            this.scratch = scratch;
            this.reward = reward;
        }

        private void note(String role) {
            try {
                Path file = Path.of(scratch, role + ".pid");
                Path part = Path.of(scratch, role + ".part");
                Files.writeString(part, Long.toString(ProcessHandle.current().pid()));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        RoleFactory of(RoleFactory others) {
            return new TokenRewardRoles(others, scratch, reward);
        }

        @Override
        public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
            note("generator");
            return roles.generator(weights, tokenizer);
        }

        @Override
        public BatchTrainer trainer(String checkpoint, Collectives ranks) {
            note("trainer" + (ranks.count() == 1 ? "" : "-" + ranks.rank()));
            return roles.trainer(checkpoint, ranks);
        }

        @Override
        public GroupVerifier verifier() {
            return new GroupVerifier() {
                @Override
                public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
                    return group.completions().stream()
                            .map(c -> reward.of(Arrays.stream(c.tokens()).sum()))
                            .map(odd -> new RewardBreakdown(
                                    0.1,
                                    odd * 0.9,
                                    0,
                                    0.1,
                                    odd == 1 ? Verdict.CORRECT : Verdict.WRONG,
                                    "",
                                    "",
                                    List.of(),
                                    0))
                            .toList();
                }

                @Override
                public void close() {}
            };
        }
    }

    List<Object> column(String name) {
        return train.stream().map(row -> row.get(name)).toList();
    }
}
