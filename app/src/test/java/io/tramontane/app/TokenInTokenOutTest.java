package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.StoragePath;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.TrainerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run with random weights: nearly every completion is a sequence of tokens that the tokenizer would not make of its text
 * ({@code encode(decode(ids))} differs), so the test finds a stage that encodes a text again. Stages: generator, verifier, trainer,
 * and the batch that is kept on the disk; between them are Arrow, Flight and the ledger.
 */
class TokenInTokenOutTest {
    /** What a stage saw, by group: prompt and completions as text for a message that can be read. All roles are this process. */
    private static final Map<Long, String> SAMPLED = new ConcurrentHashMap<>();

    private static final Map<Long, String> SCORED = new ConcurrentHashMap<>();
    private static final Map<Long, String> TRAINED = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void clear() {
        List.of(SAMPLED, SCORED, TRAINED).forEach(Map::clear);
    }

    private static String ids(Group group) {
        StringBuilder ids = new StringBuilder(Arrays.toString(group.promptTokens()));
        for (Completion completion : group.completions())
            ids.append(" > ").append(Arrays.toString(completion.tokens()));
        return ids.toString();
    }

    private static void see(Map<Long, String> stage, Group group) {
        if (group.id() >= 0) stage.put(group.id(), ids(group)); // evaluations have negative numbers
    }

    @Test
    void everyStageHasTheIdsThatWereSampled() {
        TinyRun told = new TinyRun();
        Config config = TinyRun.config(3, 0, 100);
        TrainRun.Setup setup = told.setup(config, folder);
        RunFolder run = new RunFolder(folder.resolve("run"));
        TrainRun.run(
                config,
                run,
                false,
                "local[*]",
                new TrainRun.Setup(new RecordingRoles(setup.roles()), setup.policy(), setup.listener()));

        assertEquals(6, TRAINED.size()); // three steps of two groups
        TRAINED.forEach((group, ids) -> {
            assertEquals(SAMPLED.get(group), ids);
            assertEquals(SAMPLED.get(group), SCORED.get(group));
        });
        List<Group> kept = new ArrayList<>();
        for (int step = 1; step <= 3; step++)
            BatchArrow.read(run.batch(step).local()).groups().forEach(scored -> kept.add(scored.group()));
        assertEquals(6, kept.size());
        for (Group group : kept) assertEquals(SAMPLED.get(group.id()), ids(group));
        kept.forEach(TokenInTokenOutTest::assertEncodingAgainWouldBeSeen);
        // maxLag 0: over all tokens of a step. Other ids would have other log-probabilities.
        assertTrue(
                told.column("mismatchKl").stream().allMatch(kl -> (double) kl < 1e-6), "" + told.column("mismatchKl"));
    }

    /** Every single completion, so that no stage can re-encode even one of them unseen. */
    private static void assertEncodingAgainWouldBeSeen(Group group) {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.tiny()) {
            for (Completion completion : group.completions())
                assertFalse(
                        Arrays.equals(completion.tokens(), tokenizer.encode(tokenizer.decode(completion.tokens()))),
                        Arrays.toString(completion.tokens()));
        }
    }

    /** The program's roles, with the token ids recorded. */
    private static final class RecordingRoles extends ForwardingRoles {
        RecordingRoles(RoleFactory roles) {
            super(roles);
        }

        @Override
        RoleFactory of(RoleFactory others) {
            return new RecordingRoles(others);
        }

        @Override
        public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
            return new RecordingGenerator(roles.generator(weights, tokenizer));
        }

        @Override
        public GroupVerifier verifier() {
            GroupVerifier verifier = roles.verifier();
            return new GroupVerifier() {
                @Override
                public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
                    see(SCORED, group);
                    return verifier.score(group, step, progress);
                }

                @Override
                public void close() {
                    verifier.close();
                }
            };
        }

        @Override
        public BatchTrainer trainer(String checkpoint, Collectives ranks) {
            return new RecordingTrainer(roles.trainer(checkpoint, ranks));
        }
    }

    private static final class RecordingGenerator extends ForwardingGenerator {
        RecordingGenerator(GroupGenerator generator) {
            super(generator);
        }

        @Override
        public List<Group> step() {
            List<Group> finished = generator.step();
            finished.forEach(group -> see(SAMPLED, group));
            return finished;
        }
    }

    private record RecordingTrainer(BatchTrainer trainer) implements BatchTrainer {
        @Override
        public StepReport step(Batch batch) {
            batch.groups().forEach(scored -> see(TRAINED, scored.group()));
            return trainer.step(batch);
        }

        @Override
        public void use(TrainerConfig config) {
            trainer.use(config);
        }

        @Override
        public int version() {
            return trainer.version();
        }

        @Override
        public WeightSnapshot snapshot() {
            return trainer.snapshot();
        }

        @Override
        public String digest() {
            return trainer.digest();
        }

        @Override
        public float[] score(int[] tokens, int from) {
            return trainer.score(tokens, from);
        }

        @Override
        public void save(StoragePath checkpoint, Path tokenizerJson) {
            trainer.save(checkpoint, tokenizerJson);
        }

        @Override
        public Optional<String> differenceFrom(StoragePath checkpoint) {
            return trainer.differenceFrom(checkpoint);
        }

        @Override
        public void close() {
            trainer.close();
        }
    }
}
