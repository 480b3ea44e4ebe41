package io.tramontane.app.cli;

import io.tramontane.data.Group;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.ProblemGroups;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.rollout.SampledLogprobs;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Samples a list of prompts in this process, outside any training run: some generators, all fed from one queue. Random numbers
 * depend on the request only, so the result does not depend on the number of generators.
 *
 * @param tokenizers makes one tokenizer per generator
 * @param generators each has a thread of its own
 * @param threads of each generator's operators
 */
record SamplingRun(
        WeightSnapshot weights,
        Supplier<Tokenizer> tokenizers,
        RolloutConfig config,
        long seed,
        int generators,
        int threads) {
    /**
     * Passes on every group when it is complete, in any order, one call at a time. A failure ends all workers.
     *
     * @param listener receives the log-probabilities of a group's completions before the group, from any thread; may be null
     */
    void run(List<GroupRequest> requests, Consumer<SampledLogprobs> listener, Consumer<Group> done) {
        ConcurrentLinkedQueue<GroupRequest> queue = new ConcurrentLinkedQueue<>(requests);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(generators);
        try {
            CompletionService<Void> workers = new ExecutorCompletionService<>(pool);
            for (int i = 0; i < generators; i++) workers.submit(() -> work(queue, over, listener, done), null);
            for (int i = 0; i < generators; i++) workers.take().get(); // no deadline: the workers report progress
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException("sampling failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("sampling was interrupted", e);
        } finally {
            over.set(true);
            end(pool);
        }
    }

    /** Every worker closes what it has opened, at most one step from now. */
    private static void end(ExecutorService pool) {
        pool.shutdown();
        try {
            pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(
            ConcurrentLinkedQueue<GroupRequest> queue,
            AtomicBoolean over,
            Consumer<SampledLogprobs> listener,
            Consumer<Group> done) {
        ComputeThread.prepare(threads);
        try (Tokenizer tokenizer = tokenizers.get();
                ProblemGroups groups = groups(tokenizer, listener)) {
            while (!over.get()) {
                while (groups.freeSlots() > 0) {
                    GroupRequest next = queue.poll();
                    if (next == null) break;
                    groups.submit(next);
                }
                if (groups.live() == 0) return;
                for (Group group : groups.step()) {
                    synchronized (queue) {
                        done.accept(group);
                    }
                }
            }
        }
    }

    private ProblemGroups groups(Tokenizer tokenizer, Consumer<SampledLogprobs> listener) {
        Generator generator = new Generator(weights, tokenizer, config, seed);
        generator.listen(listener);
        return new ProblemGroups(generator);
    }
}
