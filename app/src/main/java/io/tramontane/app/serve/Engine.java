package io.tramontane.app.serve;

import io.tramontane.data.Completion;
import io.tramontane.data.DaemonThreads;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.rollout.FinishReason;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.SampledToken;
import io.tramontane.rollout.TokenListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One thread that owns the generator: all requests share its slots. Between two steps it takes new requests, frees the slots
 * of clients that have hung up, and swaps weights. What it samples is told by the {@link Teller}.
 */
final class Engine implements AutoCloseable {
    private final Teller teller;
    private final Consumer<Throwable> failures;
    private final BlockingQueue<Consumer<Generator>> commands = new LinkedBlockingQueue<>();
    private final OpenCompletions open;
    private final Map<Job, Progress> live = new LinkedHashMap<>(); // this and what follows: the engine's thread
    private final Set<Job> touched = new LinkedHashSet<>();
    private List<Runnable> events = new ArrayList<>();
    private long ids;
    private final Thread thread;
    private volatile boolean ended;
    private volatile int version;
    private volatile long drafted;
    private volatile long accepted;

    /** What is left of a job. */
    private static final class Progress {
        final List<Long> requests = new ArrayList<>();
        int left;
    }

    /** Hears of a swap: seconds from the request to it, and the completions that went on. */
    interface SwapListener {
        void swapped(double seconds, int sequences);
    }

    /**
     * Starts it and waits until the generator is there.
     *
     * @param generator makes it, in the engine's thread
     * @param threads of its operators
     * @param most completions that are accepted and not finished
     * @param failures receives what ends the engine
     */
    Engine(Supplier<Generator> generator, int threads, int most, Teller teller, Consumer<Throwable> failures) {
        open = new OpenCompletions(most);
        this.teller = teller;
        this.failures = failures;
        CompletableFuture<Void> ready = new CompletableFuture<>();
        thread = DaemonThreads.named("serve-engine").newThread(() -> run(generator, threads, ready));
        thread.start();
        try {
            ready.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Completions that are accepted and not finished. */
    OpenCompletions open() {
        return open;
    }

    /** Policy version in use. */
    int version() {
        return version;
    }

    /** Tokens that the generator has guessed. */
    long drafted() {
        return drafted;
    }

    /** Those of them that the policy chose. */
    long accepted() {
        return accepted;
    }

    /** Whether it has failed or was closed. */
    boolean hasEnded() {
        return ended;
    }

    /** Queues a job; false if there is no room for it. */
    boolean submit(Job job) {
        if (ended || !open.add(job.completions())) return false;
        Start start = new Start(job);
        commands.add(start);
        return !ended || !commands.remove(start); // else nobody would hear of it
    }

    private final class Start implements Consumer<Generator> {
        final Job job;

        Start(Job job) {
            this.job = job;
        }

        @Override
        public void accept(Generator generator) {
            start(generator, job);
        }
    }

    /** Frees a job's slots before the next step; it hears nothing more. Does nothing if it is finished. */
    void cancel(Job job) {
        commands.add(generator -> {
            Progress progress = live.remove(job);
            if (progress == null) return;
            touched.remove(job);
            progress.requests.forEach(generator::cancel);
            open.remove(progress.left);
        });
    }

    /** Replaces the weights before the next step; the sequences go on. */
    void swap(WeightSnapshot weights, SwapListener listener) {
        long asked = System.nanoTime();
        commands.add(generator -> {
            generator.swap(weights);
            version = weights.version();
            listener.swapped((System.nanoTime() - asked) * 1e-9, open.count());
        });
    }

    private void run(Supplier<Generator> maker, int threads, CompletableFuture<Void> ready) {
        ComputeThread.prepare(threads);
        try (Generator generator = maker.get()) {
            version = generator.version();
            ready.complete(null);
            while (!ended) {
                obey(generator);
                tell();
                if (live.isEmpty()) continue;
                generator.step();
                drafted = generator.drafted();
                accepted = generator.accepted();
                tell();
            }
            fail(ApiError.of(503, "the server shuts down"));
        } catch (Throwable failure) { // the thread's top: the requests hear of it, and the server ends
            ended = true;
            fail(ApiError.of(500, "the engine has failed"));
            if (!ready.completeExceptionally(failure)) failures.accept(failure);
        }
    }

    /** Does what was asked since the last step; without live requests it waits for something to do. */
    private void obey(Generator generator) throws InterruptedException {
        Consumer<Generator> command = live.isEmpty() ? commands.poll(100, TimeUnit.MILLISECONDS) : commands.poll();
        for (; command != null; command = commands.poll()) command.accept(generator);
    }

    private void start(Generator generator, Job job) {
        Progress progress = new Progress();
        progress.left = job.completions();
        live.put(job, progress);
        for (int prompt = 0; prompt < job.prompts().size(); prompt++) {
            long id = ids++;
            int first = prompt * job.samples();
            progress.requests.add(id);
            generator.submit(job.prompts().get(prompt).request(id, new Listener(job, first)));
        }
        events.add(job.answer()::began);
    }

    /** Passes on the tokens of a prompt's completions. */
    private final class Listener implements TokenListener {
        private final Job job;
        private final int first;

        Listener(Job job, int first) {
            this.job = job;
            this.first = first;
        }

        @Override
        public void token(int completion, SampledToken token) {
            if (!live.containsKey(job)) return;
            touched.add(job);
            events.add(() -> job.answer().token(first + completion, token));
        }

        @Override
        public void finished(int completion, Completion done, FinishReason reason) {
            Progress progress = live.get(job);
            if (progress == null) return;
            int count = done.length();
            events.add(() -> job.answer().finished(first + completion, count, reason));
            open.remove(1);
            if (--progress.left == 0) live.remove(job);
        }

        /** Its mask allows nothing, or the like. */
        @Override
        public void failed(RuntimeException cause) {
            Progress progress = live.remove(job);
            if (progress == null) return;
            touched.remove(job);
            events.add(() ->
                    job.answer().failed(ApiError.of(500, "this request cannot be completed: " + cause.getMessage())));
            open.remove(progress.left);
            commands.add(generator -> progress.requests.forEach(generator::cancel)); // those of its other prompts
        }
    }

    private void tell() {
        for (Job job : touched) events.add(job.answer()::stepped);
        touched.clear();
        if (events.isEmpty()) return;
        teller.tell(events);
        events = new ArrayList<>();
    }

    private void fail(ApiError error) {
        Set<Job> all = new LinkedHashSet<>(live.keySet());
        for (Consumer<Generator> command = commands.poll(); command != null; command = commands.poll())
            if (command instanceof Start start) all.add(start.job);
        for (Job job : all) events.add(() -> job.answer().failed(error));
        live.clear();
        touched.clear();
        open.close();
        tell();
    }

    /** Ends it at once; who waits is told so. */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30)); // at most a step
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
