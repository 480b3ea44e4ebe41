package io.tramontane.app.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.flight.Address;
import io.tramontane.cluster.flight.FlightHost;
import io.tramontane.cluster.flight.Payload;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.cluster.flight.Service;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.Driver;
import io.tramontane.cluster.roles.Prompts;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A Flight server as a run has it, with the driver of a run behind it. The run is another one from time to time, since a
 * message that is taken may change it so that everything later is refused.
 */
final class DriverServer implements Service, AutoCloseable {
    private static final int MOST_CALLS = 64;
    private static final long SECONDS = 10;

    /** Flight loses some of the messages that it cannot read; {@code Limits.INBOUND} bounds that at 1 GiB. */
    private static final long MOST_HELD = 64 << 20;

    private final Path folder;
    private final Secret secret = Secret.create();
    private final BufferAllocator allocator = new RootAllocator();
    private final FlightHost host;
    private final Semaphore calls = new Semaphore(MOST_CALLS);
    private final ConcurrentLinkedQueue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private RunState state;
    private volatile Driver driver;
    private int runs;

    /** Each run gets a folder of its own in this one. */
    DriverServer(Path folder) throws IOException {
        this.folder = folder;
        fresh();
        this.host = new FlightHost(allocator, "127.0.0.1", secret, this);
    }

    /** Another run, of which nothing is known yet. */
    void fresh() throws IOException {
        if (state != null) {
            state.stop();
            state.close();
        }
        Config config = ConfigReader.read(
                Config.defaults(), Optional.empty(), List.of("rollout.groupSize=2", "evaluation.problems=2"));
        RunFolder run = new RunFolder(folder.resolve("run-" + runs++));
        run.makeParts();
        Prompts prompts = new Prompts(
                new TreeMap<>(Map.of(1, new Prompts.Training(new Sums(), 2, 64))),
                new Sums(),
                ChatTemplates.named("tiny"),
                HuggingFaceTokenizer.tiny(),
                512);
        state = new RunState(
                config, run, new RunState.Past(History.read(run.events()), 0), prompts, new RunListener() {});
        driver = new Driver(state);
    }

    private record Sums() implements ProblemSource {
        @Override
        public Problem get(long index) {
            return Problem.math("p" + index, "en", index + "+1=?", "" + (index + 1), Map.of());
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(1_000);
        }
    }

    Address address() {
        return host.address();
    }

    Secret secret() {
        return secret;
    }

    /** Waits until every call has ended; throws what the driver must not throw, and where it holds too much memory. */
    void check() throws Exception {
        if (!calls.tryAcquire(MOST_CALLS, SECONDS, TimeUnit.SECONDS))
            throw new AssertionError(MOST_CALLS - calls.availablePermits() + " calls do not end");
        calls.release(MOST_CALLS);
        Throwable first = unexpected.poll();
        if (first != null) throw new AssertionError("the driver: " + first, first);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (allocator.getAllocatedMemory() > MOST_HELD) { // by calls that the driver has not seen yet
            if (System.nanoTime() > end)
                throw new AssertionError(allocator.getAllocatedMemory() + " bytes are not given back");
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private <T> T counted(Callable<T> call) {
        calls.acquireUninterruptibly();
        try {
            return call.call();
        } catch (RuntimeException e) {
            if (isOurFault(e)) unexpected.add(e);
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } catch (Error e) {
            unexpected.add(e);
            throw e;
        } finally {
            calls.release();
        }
    }

    /** What is no answer to a message, but a mistake of who reads it. */
    static boolean isOurFault(Throwable e) {
        return e instanceof NullPointerException
                || e instanceof ClassCastException
                || e instanceof IndexOutOfBoundsException
                || e instanceof ArithmeticException
                || e instanceof NegativeArraySizeException;
    }

    @Override
    public Object answer(String name, JsonNode request) {
        return counted(() -> driver.answer(name, request));
    }

    @Override
    public Payload stream(String name, JsonNode request) {
        return counted(() -> driver.stream(name, request));
    }

    @Override
    public Object accept(String name, Sink.Memory received) {
        return counted(() -> driver.accept(name, received));
    }

    @Override
    public void close() {
        state.stop();
        host.close();
        state.close();
        System.out.println("Flight server: " + allocator.getAllocatedMemory() + " bytes were not given back");
    }
}
