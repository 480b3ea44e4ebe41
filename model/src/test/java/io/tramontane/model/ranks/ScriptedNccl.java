package io.tramontane.model.ranks;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/**
 * NCCL and CUDA of a machine that has neither, for ranks that are threads: vectors lie in this process's memory. A collective is
 * carried out when the event that was recorded behind it is asked for, and only if all ranks have made it.
 */
final class ScriptedNccl {
    static final long STREAM = 0x500;
    private static final long COMMUNICATOR = 0x100;
    private static final long EVENT = 0x300;

    private final int count;
    private final CyclicBarrier all;
    private final Pointer[] sends;
    private final Rank[] ranks;

    ScriptedNccl(int count) {
        this.count = count;
        this.all = new CyclicBarrier(count);
        this.sends = new Pointer[count];
        this.ranks = new Rank[count];
        for (int rank = 0; rank < count; rank++) ranks[rank] = new Rank(rank);
    }

    Rank rank(int rank) {
        return ranks[rank];
    }

    /** What one rank calls. */
    final class Rank {
        private final int rank;
        private final List<String> calls = new ArrayList<>();
        private Runnable queued;
        private int asked;

        /** What a call answers instead of success; null for none. */
        String fails;

        /** Whether collectives never end. */
        boolean hangs;

        private Rank(int rank) {
            this.rank = rank;
        }

        /** In their order, without the questions. */
        synchronized List<String> calls() {
            return List.copyOf(calls);
        }

        private synchronized int called(String name, Object... arguments) {
            calls.add(name + Arrays.toString(arguments));
            return name.equals(fails) ? 5 : NcclLibrary.SUCCESS;
        }

        CudaLibraries libraries() {
            return new CudaLibraries(
                    make(NcclLibrary.class, this::nccl),
                    make(CudaLibrary.class, this::cuda),
                    make(CudaLibrary.Torch.class, (proxy, method, given) -> {
                        ((PointerByReference) given[1]).setValue(new Pointer(STREAM));
                        return 0;
                    }));
        }

        private static <T> T make(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }

        private Object nccl(Object proxy, java.lang.reflect.Method method, Object[] given) {
            String name = method.getName();
            switch (name) {
                case "ncclGetVersion":
                    ((IntByReference) given[0]).setValue(22602);
                    return 0;
                case "ncclGetUniqueId":
                    Arrays.fill(((NcclLibrary.UniqueId) given[0]).internal, (byte) 7);
                    return called(name);
                case "ncclCommInitRankConfig":
                    String id = HexFormat.of().formatHex(((NcclLibrary.UniqueId) given[2]).internal, 0, 2);
                    int blocking = ((NcclLibrary.Config) given[4]).blocking;
                    int code = called(name, given[1], id, given[3], blocking);
                    if (code == 0) ((PointerByReference) given[0]).setValue(new Pointer(COMMUNICATOR + rank));
                    return code == 0 ? NcclLibrary.IN_PROGRESS : code;
                case "ncclCommGetAsyncError": // every call ends at the second question
                    ((IntByReference) given[1]).setValue(asked++ % 2 == 0 ? NcclLibrary.IN_PROGRESS : 0);
                    return 0;
                case "ncclReduceScatter":
                    return collective(name, given, () -> add(given));
                case "ncclAllGather":
                    return collective(name, given, () -> copy(given));
                case "ncclGetErrorString":
                    return "invalid usage";
                case "ncclGetLastError":
                    return "what NCCL says of it";
                default:
                    return called(name, name(given[0]));
            }
        }

        private String name(Object pointer) {
            return "communicator " + (Pointer.nativeValue((Pointer) pointer) - COMMUNICATOR);
        }

        /** Offset in bytes from what is sent to what is received, count, type; the stream and communicator are right. */
        private int collective(String name, Object[] given, Runnable what) {
            long offset = Pointer.nativeValue((Pointer) given[1]) - Pointer.nativeValue((Pointer) given[0]);
            int last = given.length - 1;
            if (Pointer.nativeValue((Pointer) given[last]) != STREAM) throw new IllegalStateException("another stream");
            int code = called(name, offset, given[2], given[3], name(given[last - 1]));
            queued = hangs ? null : what;
            return code == 0 ? NcclLibrary.IN_PROGRESS : code;
        }

        private Object cuda(Object proxy, java.lang.reflect.Method method, Object[] given) {
            switch (method.getName()) {
                case "cudaEventCreateWithFlags":
                    ((PointerByReference) given[0]).setValue(new Pointer(EVENT));
                    return 0;
                case "cudaEventQuery":
                    if (queued == null) return CudaLibrary.NOT_READY;
                    queued.run();
                    queued = () -> {};
                    return 0;
                case "cudaEventRecord":
                    return called("cudaEventRecord");
                case "cudaSetDevice":
                    return called("cudaSetDevice", given);
                case "cudaGetErrorString":
                    return "no such device";
                default:
                    return called(method.getName());
            }
        }

        private void add(Object[] given) {
            int length = ((Long) given[2]).intValue();
            together((Pointer) given[0]);
            float[] sum = new float[length];
            for (int from = 0; from < count; from++) {
                float[] piece = sends[from].getFloatArray((long) rank * length * Float.BYTES, length);
                for (int i = 0; i < length; i++) sum[i] += piece[i];
            }
            together((Pointer) given[0]);
            ((Pointer) given[1]).write(0, sum, 0, length);
            together((Pointer) given[0]);
        }

        private void copy(Object[] given) {
            int length = ((Long) given[2]).intValue();
            together((Pointer) given[0]);
            float[][] pieces = new float[count][];
            for (int from = 0; from < count; from++) pieces[from] = sends[from].getFloatArray(0, length);
            together((Pointer) given[0]);
            for (int from = 0; from < count; from++)
                ((Pointer) given[1]).write((long) from * length * Float.BYTES, pieces[from], 0, length);
            together((Pointer) given[0]);
        }

        private void together(Pointer mine) {
            try {
                sends[rank] = mine;
                all.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
