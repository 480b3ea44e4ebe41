package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.GroupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Synchronous runs of two generators, which either take sets of groups in turn, or one of them takes all. Four groups of four
 * make a batch.
 */
@Timeout(120)
class TwoGeneratorsTest {
    /** Which generator asks for groups. */
    private enum Who {
        IN_TURN,
        ONE
    }

    private static final int STEPS = 2;

    @TempDir
    Path folder;

    /** The generators of the run in the order in which they were made, and who got groups last. */
    private static final List<Taking> MADE = new CopyOnWriteArrayList<>();

    private static final AtomicReference<Taking> LAST = new AtomicReference<>();

    @BeforeEach
    void linkTheTinyPolicy() throws IOException {
        Files.createSymbolicLink(folder.resolve("model"), ModelFolder.resolve("builtin:tiny"));
    }

    private Map<Integer, String> digests(String name, Who who, String... sets) {
        MADE.clear();
        LAST.set(null);
        List<String> all =
                new ArrayList<>(List.of("trainer.batchSize=16", "rollout.maxTokens=32", "evaluation.problems=0"));
        all.addAll(List.of(sets));
        Config config = ConfigReader.read(TinyRun.config(STEPS, 0, 100), Optional.empty(), all);
        TrainRun.Setup setup = new TinyRun().setup(config, folder, Checkpoint.config(folder.resolve("model")));
        RunFolder run = new RunFolder(folder.resolve(name));
        TakingRoles roles = new TakingRoles(setup.roles(), who);
        TrainRun.run(config, run, false, "local[*]", new TrainRun.Setup(roles, setup.policy(), setup.listener()));
        assertEquals(config.cluster().generators().least(), MADE.size());
        Audit audit = Audit.of(run.events());
        assertTrue(audit.exact(), audit.toString());
        assertEquals(4 * STEPS, audit.trained());
        Map<Integer, String> steps = TrainRun.past(run).steps();
        assertEquals(STEPS, steps.size());
        long sampled = MADE.stream().filter(generator -> generator.taken > 0).count();
        assertEquals(who == Who.ONE ? 1 : 2, sampled, "generators that sampled");
        return steps;
    }

    @Test
    void digestsAreThoseOfTheScheduleWhicheverGeneratorSamples() {
        assertEquals(
                digests("turns", Who.IN_TURN, "cluster.generators=2"), digests("one", Who.ONE, "cluster.generators=2"));
    }

    @Test
    void whereBitsDoNotDependOnTheBatchTheyAreThoseOfOneGenerator() {
        String same = "rollout.batchInvariant=true";
        assertEquals(
                digests("alone", Who.ONE, "cluster.generators=1", same),
                digests("turns", Who.IN_TURN, "cluster.generators=2", same));
    }

    /** What the program builds; generators ask for groups as {@code who} says. */
    private static final class TakingRoles extends ForwardingRoles {
        private final Who who;

        TakingRoles(RoleFactory roles, Who who) {
            super(roles);
            this.who = who;
        }

        @Override
        RoleFactory of(RoleFactory others) {
            return new TakingRoles(others, who);
        }

        @Override
        public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
            GroupGenerator generator = roles.generator(weights, tokenizer);
            synchronized (MADE) {
                MADE.add(new Taking(generator, who == Who.IN_TURN || MADE.isEmpty(), who));
                return MADE.get(MADE.size() - 1);
            }
        }
    }

    /** A generator that has room for groups only when it may take some. */
    private static final class Taking extends ForwardingGenerator {
        private final boolean takes;
        private final Who who;
        private volatile int taken;

        Taking(GroupGenerator generator, boolean takes, Who who) {
            super(generator);
            this.takes = takes;
            this.who = who;
        }

        @Override
        public void submit(GroupRequest request) {
            LAST.set(this);
            taken = taken + 1;
            generator.submit(request);
        }

        @Override
        public int freeSlots() {
            return takes && (who == Who.ONE || LAST.get() != this) ? generator.freeSlots() : 0;
        }
    }
}
