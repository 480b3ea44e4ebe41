package io.tramontane.model.ranks;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.tramontane.data.DaemonThreads;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NCCL's communicator of all ranks, which does not block: every call returns at once, and the calling thread asks how it goes
 * until the GPU is done. Between two questions it looks at the ring: a neighbour that has gone, is silent or takes too long ends
 * the call by ncclCommAbort. One thread does all of it, so an abort never meets a call that is being made (NCCL's blocking
 * communicators need a second thread for that). A call returns when its result is on the GPU: nothing overlaps on one GPU.
 */
final class NcclCommunicator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NcclCommunicator.class);
    private static final long PAUSE_NANOS = 20_000;
    private static final long ABORT_MILLIS = 5_000;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Ring ring;
    private final NcclLibrary nccl;
    private final CudaStream stream;
    private final PointerByReference made = new PointerByReference(); // NCCL may write to it until it is ready
    private Pointer communicator; // null after an abort

    /**
     * Waits for all ranks.
     *
     * @param gpu of this rank
     * @param id that {@link #newId} of rank 0 made
     */
    NcclCommunicator(Ring ring, CudaLibraries libraries, int gpu, byte[] id) {
        this.ring = ring;
        this.nccl = libraries.nccl();
        ring.at("start of NCCL", 0);
        try {
            this.stream = new CudaStream(libraries.cuda(), libraries.torch(), gpu);
        } catch (IllegalStateException e) {
            throw ring.failed(e.getMessage());
        }
        boolean ready = false;
        try {
            join(id);
            ready = true;
        } finally {
            if (!ready) {
                abort();
                stream.close();
            }
        }
        LOG.info("rank {} of {}: NCCL {} on GPU {}", ring.rank(), ring.count(), version(nccl), gpu);
    }

    private void join(byte[] id) {
        String call = "ncclCommInitRankConfig";
        long begun = System.nanoTime();
        int code = nccl.ncclCommInitRankConfig(
                made,
                ring.count(),
                new NcclLibrary.UniqueId.ByValue(id),
                ring.rank(),
                NcclLibrary.Config.notBlocking());
        communicator = made.getValue();
        await(call, code, begun);
    }

    /** As NCCL writes it: 22602 is 2.26.2. */
    static int version(NcclLibrary nccl) {
        IntByReference version = new IntByReference();
        nccl.ncclGetVersion(version);
        return version.getValue();
    }

    /** Where ranks find each other; one of them makes it for all. */
    static byte[] newId(NcclLibrary nccl) {
        NcclLibrary.UniqueId id = new NcclLibrary.UniqueId();
        int code = nccl.ncclGetUniqueId(id);
        if (code != NcclLibrary.SUCCESS) throw new IllegalStateException(text(nccl, null, "ncclGetUniqueId", code));
        return id.internal;
    }

    /** Addresses on the GPU; {@code count} numbers of each rank at {@code send}, the sum of the own ones to {@code receive}. */
    void reduceScatter(long send, long receive, long count) {
        run(
                "ncclReduceScatter",
                () -> nccl.ncclReduceScatter(
                        new Pointer(send),
                        new Pointer(receive),
                        count,
                        NcclLibrary.FLOAT32,
                        NcclLibrary.SUM,
                        communicator,
                        stream.current()));
    }

    /** The other way: {@code count} own numbers at {@code send}, those of all ranks to {@code receive}. */
    void allGather(long send, long receive, long count) {
        run(
                "ncclAllGather",
                () -> nccl.ncclAllGather(
                        new Pointer(send),
                        new Pointer(receive),
                        count,
                        NcclLibrary.FLOAT32,
                        communicator,
                        stream.current()));
    }

    private void run(String call, IntSupplier what) {
        if (communicator == null) throw ring.failed(call + ": NCCL was aborted before");
        boolean done = false;
        try {
            stream.select();
            long begun = System.nanoTime();
            await(call, what.getAsInt(), begun);
            stream.mark();
            await(call, begun, () -> stream.done() && !inProgress(call));
            done = true;
        } catch (IllegalStateException e) {
            throw ring.failed(call + ": " + e.getMessage());
        } finally {
            if (!done) abort();
        }
    }

    /** Until the GPU has all that a call gives it. */
    private void await(String call, int code, long begun) {
        check(call, code);
        if (code == NcclLibrary.IN_PROGRESS) await(call, begun, () -> !inProgress(call));
    }

    private void await(String call, long begun, BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            try {
                ring.watch(call, begun);
            } catch (RankException e) {
                if (done.getAsBoolean()) return; // a neighbour that had all it needs may have left
                throw e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean inProgress(String call) {
        IntByReference state = new IntByReference();
        check("ncclCommGetAsyncError", nccl.ncclCommGetAsyncError(communicator, state));
        check(call, state.getValue());
        return state.getValue() == NcclLibrary.IN_PROGRESS;
    }

    private void check(String call, int code) {
        if (code != NcclLibrary.SUCCESS && code != NcclLibrary.IN_PROGRESS)
            throw ring.failed(text(nccl, communicator, call, code));
    }

    private static String text(NcclLibrary nccl, Pointer communicator, String call, int code) {
        return call + ": " + nccl.ncclGetErrorString(code) + " (" + code + "): " + nccl.ncclGetLastError(communicator);
    }

    /** By a thread that may be left behind, should NCCL not return. */
    private void abort() {
        Pointer aborted = communicator;
        communicator = null;
        if (aborted == null) return;
        Thread thread = DaemonThreads.named("rank-" + ring.rank() + "-abort").newThread(() -> {
            int code = nccl.ncclCommAbort(aborted);
            if (code != NcclLibrary.SUCCESS) LOG.warn(text(nccl, null, "ncclCommAbort", code));
        });
        boolean interrupted = Thread.interrupted();
        thread.start();
        try {
            thread.join(ABORT_MILLIS);
            if (thread.isAlive()) LOG.warn("ncclCommAbort of rank {} does not return", ring.rank());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Other ranks may still read what this one has sent: ends together with them, or after some seconds alone. */
    @Override
    public void close() {
        if (communicator != null) finish();
        stream.close();
    }

    private void finish() {
        try {
            stream.select();
            check("ncclCommFinalize", nccl.ncclCommFinalize(communicator));
            long end = System.nanoTime() + END_NANOS;
            while (inProgress("ncclCommFinalize")) {
                if (System.nanoTime() > end) throw ring.failed("ncclCommFinalize: other ranks do not end NCCL");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            check("ncclCommDestroy", nccl.ncclCommDestroy(communicator));
            communicator = null;
        } catch (RankException | IllegalStateException e) {
            LOG.warn("NCCL is aborted at the end: {}", e.getMessage());
            abort();
        }
    }
}
