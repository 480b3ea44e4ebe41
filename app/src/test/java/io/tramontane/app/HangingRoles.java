package io.tramontane.app;

import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.Prompts;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.trainer.BatchTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** In one run, the first generator hangs for ever in its 30th step, deaf to interrupts, and the first group takes a verifier 25 s of CPU time. */
record HangingRoles(RoleFactory roles, String scratch) implements RoleFactory {
    private static final int STEPS = 30;
    private static final long CPU_NANOS = 25_000_000_000L;

    private static boolean first(String scratch, String name) {
        try {
            Files.createFile(Path.of(scratch, name));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ComputeDevice device() {
        return roles.device();
    }

    @Override
    public RoleFactory on(ComputeDevice device) {
        return new HangingRoles(roles.on(device), scratch);
    }

    @Override
    public Prompts prompts() {
        return roles.prompts();
    }

    @Override
    public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
        return new Hanging(roles.generator(weights, tokenizer), scratch);
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
        GroupVerifier verifier = roles.verifier();
        return new GroupVerifier() {
            @Override
            public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
                if (first(scratch, "verifier.slow")) compute();
                return verifier.score(group, step, progress);
            }

            @Override
            public void close() {
                verifier.close();
            }
        };
    }

    private static void compute() {
        var threads = ManagementFactory.getThreadMXBean();
        while (threads.getCurrentThreadCpuTime() < CPU_NANOS) Math.sqrt(threads.getCurrentThreadCpuTime());
    }

    private static final class Hanging implements GroupGenerator {
        private final GroupGenerator generator;
        private final String scratch;
        private int steps;

        Hanging(GroupGenerator generator, String scratch) {
            this.generator = generator;
            this.scratch = scratch;
        }

        @Override
        public void submit(GroupRequest request) {
            generator.submit(request);
        }

        @Override
        public List<Group> step() {
            if (++steps == STEPS && first(scratch, "generator.hung"))
                while (true) {
                    LockSupport.park();
                    Thread.interrupted();
                }
            return generator.step();
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
            generator.close();
        }
    }
}
