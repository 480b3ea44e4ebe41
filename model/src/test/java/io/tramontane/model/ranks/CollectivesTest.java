package io.tramontane.model.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tramontane.data.ByteChunks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectivesTest {
    private static NDArray filled(Collectives ranks, NDManager manager, float[] numbers) {
        NDArray vector = ranks.vector(manager, numbers.length);
        try (NDArray values = manager.create(numbers)) {
            vector.addi(values);
        }
        return vector;
    }

    /** Numbers whose sum depends on the order in which they are added. */
    private static float[] random(int rank, int length) {
        Random random = new Random(rank);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) numbers[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6)));
        return numbers;
    }

    @ParameterizedTest
    @CsvSource({"2,true", "3,true", "4,true", "2,false", "3,false", "4,false"})
    void sumsAreThoseOfARingInItsOrder(int count, boolean shared) throws Exception {
        int piece = (1 << 18) + 5; // more than what travels at a time
        List<float[]> all = Together.run(count, shared, ranks -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                NDArray vector = filled(ranks, manager, random(ranks.rank(), count * piece));
                ranks.allReduce(vector);
                return vector.toFloatArray();
            }
        });
        float[][] given = new float[count][];
        for (int rank = 0; rank < count; rank++) given[rank] = random(rank, count * piece);
        float[] expected = new float[count * piece];
        for (int i = 0; i < expected.length; i++) {
            int owner = i / piece;
            float sum = given[(owner + 1) % count][i];
            for (int next = 2; next <= count; next++) sum += given[(owner + next) % count][i];
            expected[i] = sum;
        }
        for (float[] found : all) assertArrayEquals(expected, found);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void piecesAreGatheredFromAVectorOfTheirOwn(boolean shared) throws Exception {
        List<float[]> all = Together.run(3, shared, ranks -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                NDArray own =
                        filled(ranks, manager, new float[] {7, 8, 9, 10 * ranks.rank(), 10 * ranks.rank() + 1, 0});
                NDArray whole = manager.zeros(new Shape(6));
                Collectives.done(ranks.allGather(own.get("3:5"), whole));
                return whole.toFloatArray();
            }
        });
        for (float[] found : all) assertArrayEquals(new float[] {0, 1, 10, 11, 20, 21}, found);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOwnPieceGetsTheSum(boolean shared) throws Exception {
        List<Float> all = Together.run(2, shared, ranks -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                int one = 1 + ranks.rank();
                NDArray whole = filled(ranks, manager, new float[] {one, 100 * one});
                NDArray sum = manager.create(new float[] {0.5f});
                Collectives.done(ranks.reduceScatter(whole, sum));
                return sum.toFloatArray()[0];
            }
        });
        assertEquals(List.of(3.5f, 300.5f), all);
    }

    @Test
    void smallMessagesReachEveryRank() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        List<String> all = Together.run(3, false, ranks -> {
            StringBuilder heard = new StringBuilder();
            for (byte[] said : ranks.gather("rank".substring(ranks.rank()).getBytes()))
                heard.append(new String(said)).append(' ');
            ByteChunks got = ranks.broadcast(ranks.isFirst() ? ByteChunks.of(large) : null);
            ByteBuffer bytes = ByteBuffer.allocate((int) got.size());
            got.read(0, bytes);
            ranks.barrier();
            return heard + Arrays.toString(ranks.sum(0.5, ranks.rank())) + Arrays.equals(large, bytes.array());
        });
        assertEquals(
                List.of("rank ank nk [1.5, 3.0]true"), all.stream().distinct().toList());
    }

    @Test
    void oneRankByItselfExchangesNothing() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray vector = filled(Collectives.ALONE, manager, new float[] {1, 2});
            Collectives.ALONE.allReduce(vector);
            assertArrayEquals(new float[] {1, 2}, vector.toFloatArray());
            assertArrayEquals(new double[] {4}, Collectives.ALONE.sum(4));
        }
    }

    @Test
    void aVectorOfAnotherLengthIsNamed() {
        ExecutionException e = assertThrows(
                ExecutionException.class,
                () -> Together.run(
                        2, true, ranks -> ranks.vector(NDManager.newBaseManager("PyTorch"), 4L + 2 * ranks.rank())));
        assertTrue(e.getMessage().contains("a vector of 4 numbers, another rank's has 6"), e.getMessage());
    }

    @Test
    void aRankThatIsGoneEndsTheCallAtOnce() throws Exception {
        Together.Table table = new Together.Table(3);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?>[] waiting = new Future<?>[3];
            for (int rank = 0; rank < 3; rank++) {
                Ranks ranks = Together.ranks(rank, 3, true, "secret", Duration.ofSeconds(50));
                Rendezvous seat = table.seat(rank);
                int number = rank;
                waiting[rank] = threads.submit(() -> {
                    try (Collectives collectives = ranks.meet(seat)) {
                        collectives.at(7);
                        if (number != 1) collectives.barrier();
                    }
                    return null;
                });
            }
            waiting[1].get(20, TimeUnit.SECONDS);
            for (int rank : new int[] {0, 2}) {
                ExecutionException e =
                        assertThrows(ExecutionException.class, () -> waiting[rank].get(20, TimeUnit.SECONDS));
                assertTrue(e.getCause() instanceof RankException, e.toString());
                assertTrue(
                        e.getCause().getMessage().startsWith("rank " + rank + " of 3, phase barrier, step 7: rank "),
                        e.getMessage());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whoDoesNotKnowTheSecretIsTurnedAway() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<?> stranger = thread.submit(() -> {
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    new Handshake("wrong".getBytes()).call(socket, new Handshake.Caller(0, 0));
                }
                return null;
            });
            try (Socket socket = server.accept()) {
                Exception e = assertThrows(IOException.class, () -> new Handshake("right".getBytes()).answer(socket));
                assertEquals("the secret of this run is missing or wrong", e.getMessage());
            }
            assertThrows(ExecutionException.class, () -> stranger.get(10, TimeUnit.SECONDS));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void ranksWithAnotherSecretDoNotMeet() {
        Together.Table table = new Together.Table(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Collectives> one = threads.submit(() ->
                    Together.ranks(0, 2, false, "a", Duration.ofSeconds(1)).meet(table.seat(0)));
            Future<Collectives> two = threads.submit(() ->
                    Together.ranks(1, 2, false, "b", Duration.ofSeconds(1)).meet(table.seat(1)));
            assertThrows(ExecutionException.class, () -> one.get(20, TimeUnit.SECONDS));
            assertThrows(ExecutionException.class, () -> two.get(20, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }
    }
}
