package io.tramontane.trainer;

import io.tramontane.data.DaemonThreads;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Cores;
import io.tramontane.model.FlatVector;
import io.tramontane.model.Policy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The gradient of work that is divided into shares. A share's passes add to a vector of its own, one after the other, and in the
 * end the vectors are added in the order of the shares: so the bits are the same whichever thread computes what, and when. The
 * first share adds to the optimizer's own gradient. The calling thread computes the first share and whatever is left; others help
 * while there are cores that nobody needs.
 *
 * <p>Native memory: one vector of the trained one's size for every share but the first, which lives as long as the policy.
 */
final class GradientShares implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long END_SECONDS = 600; // a pass of a large model takes minutes

    private final Policy policy;
    private final Optimizer optimizer;
    private final Cores cores;
    private final List<FlatVector> others = new ArrayList<>();
    private final Queue<Thread> helpers = new ConcurrentLinkedQueue<>();
    private final ExecutorService pool;

    /** One pass. */
    interface Pass {
        /** Adds d loss / d theta of what it covers. */
        void addTo(FlatVector gradient);
    }

    /** Up to {@code count} shares at a time. */
    GradientShares(Policy policy, Optimizer optimizer, int count, Cores cores) {
        this.policy = policy;
        this.optimizer = optimizer;
        this.cores = cores;
        ThreadFactory threads = DaemonThreads.named("trainer-helper");
        this.pool = count == 1
                ? null
                : Executors.newFixedThreadPool(count - 1, work -> {
                    Thread helper = threads.newThread(work);
                    helpers.add(helper);
                    return helper;
                });
    }

    /** Adds what the passes of all shares find to the optimizer's gradient. */
    void add(List<? extends List<? extends Pass>> passes) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) shares.add(new Share(passes.get(i), vector(i)));
        try {
            for (Share share : shares) {
                share.take();
                while (share.isOpen()) {
                    offer(shares);
                    share.next();
                }
            }
        } finally {
            shares.forEach(Share::end);
        }
        for (int i = 1; i < shares.size(); i++) {
            optimizer.gradient().add(vector(i));
            vector(i).clear();
        }
    }

    private FlatVector vector(int share) {
        if (share == 0) return optimizer.gradient();
        while (others.size() < share) others.add(policy.vector());
        return others.get(share - 1);
    }

    /** Helpers begin with shares that nobody computes, as long as there are cores. */
    private void offer(List<Share> shares) {
        for (Share share : shares) {
            if (!share.isFree()) continue;
            if (!cores.borrow()) return;
            share.give(pool);
        }
    }

    /** CPU time of the helpers so far, nanoseconds. */
    long helperCpuNanos() {
        return helpers.stream()
                .mapToLong(helper -> Math.max(0, THREADS.getThreadCpuTime(helper.getId())))
                .sum();
    }

    @Override
    public void close() {
        if (pool == null) return;
        pool.shutdownNow();
        try {
            pool.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private enum State {
        FREE,
        HELPED,
        OWN
    }

    /** The passes of one vector; one thread at a time computes them. */
    private final class Share {
        private final List<? extends Pass> passes;
        private final FlatVector vector;
        private volatile int done;
        private volatile boolean ends;
        private State state = State.FREE; // guarded by this
        private RuntimeException failure; // guarded by this

        Share(List<? extends Pass> passes, FlatVector vector) {
            this.passes = passes;
            this.vector = vector;
        }

        boolean isOpen() {
            return done < passes.size();
        }

        /** One that has failed is never begun again: its vector holds a part of the failed pass. */
        synchronized boolean isFree() {
            return state == State.FREE && failure == null && isOpen();
        }

        void next() {
            passes.get(done).addTo(vector);
            done++;
        }

        /** Waits until no helper computes it; then it is the caller's. */
        synchronized void take() {
            try {
                while (state == State.HELPED) wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while training", e);
            }
            state = State.OWN;
            if (failure != null) throw failure;
        }

        /** A helper computes it, with a core that was borrowed for it. */
        synchronized void give(ExecutorService helper) {
            state = State.HELPED;
            helper.execute(this::help);
        }

        private void help() {
            RuntimeException thrown = null;
            try {
                ComputeThread.prepare(1);
                do next();
                while (isOpen() && !ends && !cores.crowded());
            } catch (RuntimeException e) {
                thrown = e;
            } catch (Throwable e) {
                thrown = new IllegalStateException("a training thread failed", e);
            } finally {
                cores.leave();
                free(thrown);
            }
        }

        private synchronized void free(RuntimeException thrown) {
            failure = thrown;
            state = State.FREE;
            notifyAll();
        }

        /** After a failure elsewhere: a helper ends after its pass. */
        void end() {
            ends = true;
        }
    }
}
