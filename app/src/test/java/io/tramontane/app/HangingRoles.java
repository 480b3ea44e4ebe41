package io.tramontane.app;

import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** In one run, the first generator hangs for ever in its 30th step, deaf to interrupts, and the first group takes a verifier 25 s of CPU time. */
final class HangingRoles extends ForwardingRoles {
    private final String scratch;

    HangingRoles(RoleFactory roles, String scratch) {
        super(roles);
        this.scratch = scratch;
    }

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
    RoleFactory of(RoleFactory others) {
        return new HangingRoles(others, scratch);
    }

    @Override
    public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
        return new Hanging(roles.generator(weights, tokenizer), scratch);
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

    private static final class Hanging extends ForwardingGenerator {
        private final String scratch;
        private int steps;

        Hanging(GroupGenerator generator, String scratch) {
            super(generator);
            this.scratch = scratch;
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
    }
}
