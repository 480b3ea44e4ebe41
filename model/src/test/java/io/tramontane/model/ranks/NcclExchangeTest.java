package io.tramontane.model.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ranks over a ring of sockets, with libraries that are scripted: what is called, in which order, and what ends it. */
class NcclExchangeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ScriptedNccl nccl = new ScriptedNccl(2);

    /** Results by rank; an exception instead of one that failed. */
    private List<Object> run(Duration patience, Function<Collectives, Object> what) throws Exception {
        return run(patience, rank -> nccl.rank(rank)::libraries, what);
    }

    private List<Object> run(
            Duration patience, Function<Integer, Supplier<CudaLibraries>> libraries, Function<Collectives, Object> what)
            throws Exception {
        Together.Table table = new Together.Table(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Object>> results = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int rank = i;
                results.add(threads.submit(() -> {
                    try (Collectives ranks = meet(rank, table, patience, libraries.apply(rank))) {
                        return what.apply(ranks);
                    }
                }));
            }
            List<Object> all = new ArrayList<>();
            for (Future<Object> result : results) {
                try {
                    all.add(result.get(30, TimeUnit.SECONDS));
                } catch (ExecutionException e) {
                    all.add(e.getCause());
                }
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Collectives meet(int rank, Together.Table table, Duration patience, Supplier<CudaLibraries> load)
            throws IOException {
        try (Doors doors = new Doors("127.0.0.1", new byte[] {1}, patience)) {
            Place mine = new Place("127.0.0.1", doors.port(), rank, "machine", true);
            List<Place> places = table.seat(rank).meet(mine.text()).stream()
                    .map(Place::parse)
                    .toList();
            Ring ring = new Ring(rank, places, doors, patience);
            boolean made = false;
            try {
                Messages messages = new Messages(ring);
                Collectives ranks =
                        new Collectives(ring, messages, NcclExchange.open(ring, messages, load, Device.cpu()));
                made = true;
                return ranks;
            } finally {
                if (!made) ring.close();
            }
        }
    }

    private static NDArray filled(Collectives ranks, NDManager manager, float... numbers) {
        NDArray vector = ranks.vector(manager, numbers.length);
        try (NDArray values = manager.create(numbers)) {
            vector.addi(values);
        }
        return vector;
    }

    @Test
    void piecesAreSummedAndGatheredWhereTheyLie() throws Exception {
        List<Object> all = run(PATIENCE, ranks -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                int one = 1 + ranks.rank();
                NDArray whole = filled(ranks, manager, one, 10 * one, 100 * one, 1000 * one);
                ranks.allReduce(whole);
                NDArray gathered = manager.zeros(new Shape(4));
                Collectives.done(ranks.allGather(whole.get("0:2"), gathered));
                NDArray sum = manager.create(new float[] {0.5f, 0.25f});
                Collectives.done(ranks.reduceScatter(filled(ranks, manager, one, one, 2 * one, 2 * one), sum));
                assertEquals("NCCL", ranks.way());
                return List.of(whole.toFloatArray(), gathered.toFloatArray(), sum.toFloatArray());
            }
        });
        for (int rank = 0; rank < 2; rank++) {
            List<?> found = (List<?>) all.get(rank);
            assertArrayEquals(new float[] {3, 30, 300, 3000}, (float[]) found.get(0));
            assertArrayEquals(new float[] {3, 30, 3, 30}, (float[]) found.get(1));
            float own = 3 * (1 + rank);
            assertArrayEquals(new float[] {own + 0.5f, own + 0.25f}, (float[]) found.get(2));
        }
    }

    @Test
    void allCallsAreMadeInOrderWithOffsetsInBytes() throws Exception {
        run(PATIENCE, ranks -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                ranks.allReduce(filled(ranks, manager, 1, 2, 3, 4, 5, 6));
                return null;
            }
        });
        // pieces of 3 float32: rank 1's begins after 12 bytes; 7 is ncclFloat32, -1 the CPU that stands for the GPU
        assertEquals(
                List.of(
                        "cudaSetDevice[-1]",
                        "ncclCommInitRankConfig[2, 0707, 1, 0]",
                        "cudaSetDevice[-1]",
                        "ncclReduceScatter[12, 3, 7, communicator 1]",
                        "cudaEventRecord[]",
                        "cudaSetDevice[-1]",
                        "ncclAllGather[-12, 3, 7, communicator 1]",
                        "cudaEventRecord[]",
                        "cudaSetDevice[-1]",
                        "ncclCommFinalize[communicator 1]",
                        "ncclCommDestroy[communicator 1]",
                        "cudaEventDestroy[]"),
                nccl.rank(1).calls());
        List<String> first = nccl.rank(0).calls();
        assertEquals("ncclGetUniqueId[]", first.get(0));
        assertTrue(first.contains("ncclReduceScatter[0, 3, 7, communicator 0]"), first.toString());
        assertTrue(first.contains("ncclAllGather[0, 3, 7, communicator 0]"), first.toString());
    }

    @Test
    void aRankThatLeavesEndsTheOthersCallWithAnAbort() throws Exception {
        nccl.rank(0).hangs = true;
        List<Object> all = run(PATIENCE, ranks -> {
            ranks.at(7);
            NDArray vector = ranks.vector(NDManager.newBaseManager("PyTorch"), 2);
            if (ranks.isFirst()) ranks.allGather(vector);
            return null;
        });
        String message = ((RankException) all.get(0)).getMessage();
        assertTrue(message.startsWith("rank 0 of 2, phase all-gather, step 7: rank 1 (127.0.0.1:"), message);
        assertTrue(message.endsWith("has closed the connection"), message);
        List<String> calls = nccl.rank(0).calls();
        assertTrue(calls.contains("ncclCommAbort[communicator 0]"), calls.toString());
        assertTrue(!calls.toString().contains("Finalize"), calls.toString());
    }

    @Test
    void aCallThatNeverEndsIsAbortedAfterTenTimesThePatience() throws Exception {
        nccl.rank(0).hangs = true;
        nccl.rank(1).hangs = true;
        List<Object> all = run(Duration.ofMillis(300), ranks -> {
            NDArray vector = ranks.vector(NDManager.newBaseManager("PyTorch"), 2);
            ranks.reduceScatter(vector);
            return null;
        });
        List<String> messages =
                all.stream().map(e -> ((RankException) e).getMessage()).toList();
        assertTrue(
                messages.stream()
                        .anyMatch(m -> m.contains("phase reduce-scatter, step 0: ncclReduceScatter: not done after 3 s"
                                + " (10 times cluster.rankSeconds), although both neighbours are alive")),
                messages.toString());
        for (int rank = 0; rank < 2; rank++)
            assertTrue(nccl.rank(rank).calls().contains("ncclCommAbort[communicator " + rank + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ncclCommInitRankConfig", "ncclAllGather"})
    void ncclsOwnWordsAreInTheError(String call) throws Exception {
        nccl.rank(1).fails = call;
        List<Object> all = run(PATIENCE, ranks -> {
            NDArray vector = ranks.vector(NDManager.newBaseManager("PyTorch"), 2);
            if (!ranks.isFirst()) ranks.allGather(vector);
            return null;
        });
        String phase = call.equals("ncclAllGather") ? "all-gather" : "start of NCCL";
        assertEquals(
                "rank 1 of 2, phase " + phase + ", step 0: " + call + ": invalid usage (5): what NCCL says of it",
                ((RankException) all.get(1)).getMessage());
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() throws Exception {
        nccl.rank(0).fails = "cudaSetDevice";
        List<Object> all = run(Duration.ofSeconds(1), ranks -> null);
        assertEquals(
                "rank 0 of 2, phase start of NCCL, step 0: cudaSetDevice(-1): no such device (5)",
                ((RankException) all.get(0)).getMessage());
    }

    @Test
    void aRankWithoutTheLibraryIsNamedByAll() throws Exception {
        Supplier<CudaLibraries> none = () -> {
            throw new BadInputException("no libnccl.so.2");
        };
        List<Object> all = run(PATIENCE, rank -> rank == 1 ? none : nccl.rank(0)::libraries, ranks -> null);
        for (Object failure : all) {
            String message = ((BadInputException) failure).getMessage();
            assertTrue(message.matches("rank 1 of 2 \\(.*\\) cannot use NCCL: no libnccl.so.2"), message);
        }
    }

    @Test
    void theErrorSaysWhereTheLibraryWasLookedFor() {
        List<String> places = CudaLibraries.places(Path.of("/none/torch/lib"), "nccl", "libnccl-none.so.2");
        BadInputException e =
                assertThrows(BadInputException.class, () -> CudaLibraries.load(NcclLibrary.class, places));
        assertTrue(
                e.getMessage()
                        .startsWith("a library that ranks on GPUs need is missing, looked for"
                                + " /none/nvidia/nccl/lib/libnccl-none.so.2: no such file;"
                                + " /none/torch/lib/libnccl-none.so.2: no such file;"
                                + " libnccl-none.so.2 of the system: "),
                e.getMessage());
    }

    @Test
    void otherVectorsThanThoseOfTheDeviceAreRefused() throws Exception {
        List<Object> all = run(PATIENCE, ranks -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                return assertThrows(
                                IllegalStateException.class,
                                () -> ranks.allGather(manager.zeros(new Shape(2), DataType.FLOAT64)))
                        .getMessage();
            }
        });
        assertEquals("a vector of float64 on cpu(), NCCL exchanges float32 on cpu()", all.get(0));
    }
}
