package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.Prompts;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Group;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.trainer.BatchTrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Synchronous runs whose sets of groups are sampled by two generators, of which one never makes a step while the other has
 * something to do. Four groups of four make a batch.
 */
@Timeout(120)
class TwoGeneratorsTest {
    private static final int NONE = -1;

    @TempDir
    Path folder;

    /** The generators of the run in the order in which they were made. */
    private static final List<Turns> MADE = new CopyOnWriteArrayList<>();

    private Map<Integer, String> digests(String name, int waiting, String... sets) {
        MADE.clear();
        List<String> all = new ArrayList<>(List.of("trainer.batchSize=16"));
        all.addAll(List.of(sets));
        Config config = ConfigReader.read(TinyRun.config(3, 0, 100), Optional.empty(), all);
        TrainRun.Setup setup = new TinyRun().setup(config, folder);
        RunFolder run = new RunFolder(folder.resolve(name));
        Waiting roles = new Waiting(setup.roles(), waiting);
        TrainRun.run(config, run, false, "local[*]", new TrainRun.Setup(roles, setup.policy(), setup.listener()));
        assertEquals(config.cluster().generators().least(), MADE.size());
        Audit audit = Audit.of(run.events());
        assertTrue(audit.exact(), audit.toString());
        assertEquals(12, audit.trained());
        Map<Integer, String> steps = TrainRun.past(run).steps();
        assertEquals(List.of(1, 2, 3), List.copyOf(steps.keySet()));
        return steps;
    }

    @Test
    void digestsAreThoseOfTheScheduleWhicheverGeneratorWaits() {
        Map<Integer, String> first = digests("first", 0, "cluster.generators=2");
        assertEquals(first, digests("second", 1, "cluster.generators=2"));
    }

    @Test
    void whereBitsDoNotDependOnTheBatchTheyAreThoseOfOneGenerator() {
        Map<Integer, String> two = digests("two", 0, "cluster.generators=2", "rollout.batchInvariant=true");
        assertEquals(two, digests("one", NONE, "cluster.generators=1", "rollout.batchInvariant=true"));
    }

    /** Of the generators that are made, the one with this number waits for the others. */
    private record Waiting(RoleFactory roles, int number) implements RoleFactory {
        @Override
        public ComputeDevice device() {
            return roles.device();
        }

        @Override
        public RoleFactory on(ComputeDevice device) {
            return new Waiting(roles.on(device), number);
        }

        @Override
        public Prompts prompts() {
            return roles.prompts();
        }

        @Override
        public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
            GroupGenerator generator = roles.generator(weights, tokenizer);
            synchronized (MADE) {
                MADE.add(new Turns(generator, MADE.size() == number));
                return MADE.get(MADE.size() - 1);
            }
        }

        @Override
        public GroupGenerator evaluator(WeightSnapshot weights, Tokenizer tokenizer) {
            return roles.evaluator(weights, tokenizer);
        }

        @Override
        public BatchTrainer trainer(String checkpoint, Collectives ranks) {
            return roles.trainer(checkpoint, ranks);
        }

        @Override
        public Path tokenizerJson() {
            return roles.tokenizerJson();
        }

        @Override
        public GroupVerifier verifier() {
            return roles.verifier();
        }
    }

    /** A generator that other threads may ask whether it has something to do. */
    private static final class Turns implements GroupGenerator {
        private final GroupGenerator generator;
        private final boolean waits;
        private volatile boolean busy;

        Turns(GroupGenerator generator, boolean waits) {
            this.generator = generator;
            this.waits = waits;
        }

        @Override
        public void submit(GroupRequest request) {
            busy = true;
            generator.submit(request);
        }

        @Override
        public List<Group> step() {
            if (waits && MADE.stream().anyMatch(other -> other != this && other.busy)) {
                Thread.onSpinWait();
                return List.of();
            }
            List<Group> finished = generator.step();
            busy = generator.live() > 0;
            return finished;
        }

        @Override
        public List<Group> begun() {
            return generator.begun();
        }

        @Override
        public int live() {
            return generator.live();
        }

        @Override
        public int freeSlots() {
            return generator.freeSlots();
        }

        @Override
        public void swap(WeightSnapshot weights) {
            generator.swap(weights);
        }

        @Override
        public int version() {
            return generator.version();
        }

        @Override
        public float[] score(int[] tokens, int from) {
            return generator.score(tokens, from);
        }

        @Override
        public void close() {
            busy = false;
            generator.close();
        }
    }
}
