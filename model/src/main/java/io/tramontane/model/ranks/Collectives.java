package io.tramontane.model.ranks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.tramontane.data.ByteChunks;
import io.tramontane.data.DaemonThreads;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What N ranks do together: every rank calls the same methods in the same order. Sums are added in a fixed order, so that a
 * run with N ranks is deterministic. Calls are carried out one after the other by a thread of their own; those that return a
 * {@link Future} go on while the caller computes. A rank that is gone, stopped or out of step ends a call with a
 * {@link RankException}.
 *
 * <p>Vectors that ranks exchange have N pieces of equal length, float32; piece r belongs to rank r.
 */
public final class Collectives implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collectives.class);
    private static final long END_SECONDS = 10;

    /** One rank by itself: nothing is exchanged. */
    public static final Collectives ALONE = new Collectives();

    private final int rank;
    private final int count;
    private final Ring ring; // null with one rank, like what follows
    private final Messages messages;
    private final Exchange exchange;
    private final ExecutorService lane;
    private volatile int step;

    private Collectives() {
        this.rank = 0;
        this.count = 1;
        this.ring = null;
        this.messages = null;
        this.exchange = null;
        this.lane = null;
    }

    Collectives(Ring ring, Messages messages, Exchange exchange) {
        this.rank = ring.rank();
        this.count = ring.count();
        this.ring = ring;
        this.messages = messages;
        this.exchange = exchange;
        this.lane = Executors.newSingleThreadExecutor(DaemonThreads.named("rank-" + rank + "-exchange"));
        Engine.getEngine("PyTorch"); // loads the library that the next line calls
        lane.execute(() -> JniUtils.setNumThreads(1)); // PyTorch's number of threads belongs to the thread
    }

    /** From 0. */
    public int rank() {
        return rank;
    }

    /** How many ranks. */
    public int count() {
        return count;
    }

    /** Whether this rank speaks for all: to the driver, to files. */
    public boolean isFirst() {
        return rank == 0;
    }

    /** How vectors travel, as messages call it. */
    public String way() {
        return count == 1 ? "one rank" : exchange.name();
    }

    /** The step that is being made; errors name it. */
    public void at(int newStep) {
        step = newStep;
    }

    /** A vector of zeros, float32, that can be exchanged; {@code length} is a multiple of N and the same on all ranks. */
    public NDArray vector(NDManager manager, long length) {
        if (count == 1) return manager.zeros(new Shape(length), DataType.FLOAT32);
        return now("vector", () -> exchange.vector(manager, length));
    }

    /** Every number of [N X] becomes the sum over all ranks. */
    public void allReduce(NDArray whole) {
        if (count == 1) return;
        now("all-reduce", () -> {
            exchange.reduceScatter(whole);
            exchange.allGather(whole);
            return null;
        });
    }

    /** The own piece of [N X] becomes the sum over all ranks; the others are used up. */
    public void reduceScatter(NDArray whole) {
        if (count == 1) return;
        now("reduce-scatter", () -> {
            exchange.reduceScatter(whole);
            return null;
        });
    }

    /** The same, and the sum is added to {@code sum} [X]. */
    public Future<Void> reduceScatter(NDArray whole, NDArray sum) {
        return later("reduce-scatter", () -> {
            exchange.reduceScatter(whole);
            long length = sum.size();
            try (NDArray own = whole.get(new NDIndex().addSliceDim(rank * length, (rank + 1) * length))) {
                sum.addi(own);
            }
            return null;
        });
    }

    /** Every piece of [N X] becomes that of its rank. */
    public void allGather(NDArray whole) {
        if (count == 1) return;
        now("all-gather", () -> {
            exchange.allGather(whole);
            return null;
        });
    }

    /** The same from own [X], a view at the same place of a vector on all ranks, into any array [N X]. */
    public Future<Void> allGather(NDArray own, NDArray whole) {
        return later("all-gather", () -> {
            exchange.allGather(own, whole);
            return null;
        });
    }

    /** Numbers of all ranks, added in the order of the ranks. */
    public double[] sum(double... numbers) {
        return count == 1 ? numbers : now("sum", () -> messages.sum(numbers));
    }

    /** What every rank says, by rank: some megabytes each at most, since all of it is in the memory of all. */
    public List<byte[]> gather(byte[] mine) {
        return count == 1 ? List.of(mine) : now("gather", () -> messages.gather(mine));
    }

    /** The bytes of rank 0 on all ranks; what others give is not looked at. */
    public ByteChunks broadcast(ByteChunks bytes) {
        return count == 1 ? bytes : now("broadcast", () -> messages.fromFirst(bytes));
    }

    /** Returns when all ranks have called it. */
    public void barrier() {
        if (count == 1) return;
        now("barrier", () -> {
            messages.barrier();
            return null;
        });
    }

    private <T> Future<T> later(String phase, Callable<T> call) {
        if (count == 1) return CompletableFuture.completedFuture(null);
        return lane.submit(() -> {
            ring.at(phase, step);
            return call.call();
        });
    }

    private <T> T now(String phase, Callable<T> call) {
        return done(later(phase, call));
    }

    /** Waits for a call that was begun; its own deadlines end it. */
    public static <T> T done(Future<T> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new RankException("interrupted while ranks exchange", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RankException rank) throw new RankException(rank.getMessage(), rank);
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    /**
     * Ends what is under way; nothing can be exchanged any more. To be called before arrays are freed that an exchange may still
     * write to. Neighbours that wait for this rank learn at once that it is gone.
     */
    public void stop() {
        if (count == 1) return;
        lane.shutdownNow();
        ring.close();
        try {
            if (!lane.awaitTermination(END_SECONDS, TimeUnit.SECONDS))
                LOG.warn("an exchange of rank {} does not end: its memory stays mapped", rank);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        if (count > 1 && lane.isTerminated()) exchange.close();
    }
}
