package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.model.Cores;
import io.tramontane.model.Policy;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.trainer.loss.LossConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GradientSharesTest {
    private static final OptimizerConfig OPTIMIZER = new OptimizerConfig(1e-3, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1);

    private final WeightSnapshot start = TinyGroups.snapshot(TinyGroups.SHAPE, TinyGroups.theta(TinyGroups.SHAPE, 12));

    private static GradientShares.Pass adds(int at, float number) {
        return gradient -> {
            float[] before = gradient.read(new VectorRange(at, 1));
            gradient.write(at, new float[] {before[0] + number});
        };
    }

    private static void meet(CountDownLatch both) {
        both.countDown();
        try {
            assertTrue(both.await(30, TimeUnit.SECONDS), "the other thread never came");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sharesAreComputedAtTheSameTimeAndAddedUp() {
        try (Policy policy = new Policy(start)) {
            Optimizer optimizer = new Optimizer(policy, OPTIMIZER);
            try (GradientShares two = new GradientShares(policy, optimizer, 2, new Cores(2))) {
                CountDownLatch both = new CountDownLatch(2);
                Set<Thread> threads = ConcurrentHashMap.newKeySet();
                GradientShares.Pass meeting = gradient -> {
                    threads.add(Thread.currentThread());
                    meet(both);
                };
                two.add(List.of(List.of(meeting, adds(0, 1), adds(1, 2)), List.of(meeting, adds(1, 3), adds(2, 4))));
                assertEquals(2, threads.size());
                assertTrue(two.helperCpuNanos() > 0);
                assertArrayEquals(new float[] {1, 5, 4}, optimizer.gradient().read(new VectorRange(0, 3)));
                two.add(List.of(List.of(adds(0, 1)), List.of(adds(0, 2)))); // the second vector began at 0 again
                assertArrayEquals(new float[] {4, 5, 4}, optimizer.gradient().read(new VectorRange(0, 3)));
            }
        }
    }

    @Test
    void withoutACoreTheCallerComputesAll() {
        Cores cores = new Cores(2);
        cores.enter();
        cores.enter();
        try (Policy policy = new Policy(start)) {
            Optimizer optimizer = new Optimizer(policy, OPTIMIZER);
            try (GradientShares shares = new GradientShares(policy, optimizer, 2, cores)) {
                Set<Thread> threads = ConcurrentHashMap.newKeySet();
                GradientShares.Pass noting = gradient -> threads.add(Thread.currentThread());
                shares.add(List.of(List.of(noting, adds(0, 1)), List.of(noting, adds(0, 2))));
                assertEquals(Set.of(Thread.currentThread()), threads);
                assertArrayEquals(new float[] {3}, optimizer.gradient().read(new VectorRange(0, 1)));
            }
        }
    }

    @Test
    void aHelperGivesItsCoreBackAfterAPassWhenSomebodyNeedsItAndTheCallerGoesOn() {
        Cores cores = new Cores(2);
        cores.enter();
        try (Policy policy = new Policy(start)) {
            Optimizer optimizer = new Optimizer(policy, OPTIMIZER);
            try (GradientShares shares = new GradientShares(policy, optimizer, 2, cores)) {
                CountDownLatch both = new CountDownLatch(2);
                Thread[] by = new Thread[2];
                shares.add(List.of(
                        List.of(gradient -> meet(both)),
                        List.of(
                                gradient -> {
                                    by[0] = Thread.currentThread();
                                    cores.enter(); // the generator is back
                                    meet(both);
                                },
                                gradient -> by[1] = Thread.currentThread())));
                assertNotEquals(Thread.currentThread(), by[0]);
                assertSame(Thread.currentThread(), by[1]);
                assertTrue(!cores.crowded() && !cores.borrow()); // trainer and generator
            }
        }
    }

    @Test
    void whatAHelperThrowsReachesTheCaller() {
        try (Policy policy = new Policy(start)) {
            Optimizer optimizer = new Optimizer(policy, OPTIMIZER);
            try (GradientShares shares = new GradientShares(policy, optimizer, 2, new Cores(2))) {
                CountDownLatch both = new CountDownLatch(2);
                IllegalStateException thrown = new IllegalStateException("a pass failed");
                List<List<GradientShares.Pass>> passes = List.of(List.of(gradient -> meet(both)), List.of(gradient -> {
                    meet(both);
                    throw thrown;
                }));
                assertSame(thrown, assertThrows(IllegalStateException.class, () -> shares.add(passes)));
            }
        }
    }

    /** The caller offers the share again before each of its own passes. */
    @Test
    void aShareThatHasFailedIsNotBegunAgain() {
        try (Policy policy = new Policy(start)) {
            Optimizer optimizer = new Optimizer(policy, OPTIMIZER);
            Cores cores = new Cores(1);
            try (GradientShares shares = new GradientShares(policy, optimizer, 2, cores)) {
                CountDownLatch failing = new CountDownLatch(2);
                AtomicInteger begun = new AtomicInteger();
                GradientShares.Pass fails = gradient -> {
                    begun.incrementAndGet();
                    meet(failing);
                    throw new IllegalStateException("a pass failed");
                };
                GradientShares.Pass untilTheCoreIsBack = gradient -> {
                    meet(failing);
                    while (!cores.borrow()) Thread.onSpinWait(); // the test has a limit of time
                    cores.leave();
                };
                GradientShares.Pass another = gradient -> {};
                assertThrows(
                        IllegalStateException.class,
                        () -> shares.add(List.of(List.of(untilTheCoreIsBack, another, another), List.of(fails))));
                assertEquals(1, begun.get());
            }
        }
    }

    /** The bits depend on the number of shares, not on how many threads there were for them. */
    @Test
    void aStepHasTheSameBitsWhateverCoresAreFree() {
        String alone = digest(2, true);
        for (int i = 0; i < 3; i++) assertEquals(alone, digest(2, false));
        assertNotEquals(alone, digest(1, false)); // the same up to rounding: MinibatchesTest
    }

    private String digest(int threads, boolean busy) {
        Cores cores = Cores.ofProcess();
        int others = busy ? Runtime.getRuntime().availableProcessors() : 0;
        for (int i = 0; i < others; i++) cores.enter();
        TrainerConfig config =
                new TrainerConfig(16, 8, 30, 100, 0, 50, LossConfig.defaults(), OPTIMIZER).withThreads(threads);
        try (Trainer trainer = Trainer.fresh(start, config, 1.0)) {
            for (int step = 1; step <= 3; step++) trainer.step(new Batch(step, TinyGroups.groups(4, 12 + step)));
            return trainer.digest();
        } finally {
            for (int i = 0; i < others; i++) cores.leave();
        }
    }
}
