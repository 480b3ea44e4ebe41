package io.tramontane.model.ranks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Ranks as threads of this process; also for tests of other packages. */
public final class Together {
    private static final long SECONDS = 60;

    private Together() {}

    /** Lets ranks meet in memory. */
    public static final class Table {
        private final String[] said;
        private final CyclicBarrier barrier;

        /** For so many. */
        public Table(int count) {
            said = new String[count];
            barrier = new CyclicBarrier(count);
        }

        Rendezvous seat(int rank) {
            return mine -> {
                try {
                    said[rank] = mine;
                    barrier.await(SECONDS, TimeUnit.SECONDS);
                    return List.of(said);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            };
        }
    }

    /** Runs the same on all ranks; results by rank. The first failure is thrown. */
    public static <T> List<T> run(int count, boolean sharedMemory, Function<Collectives, T> what) throws Exception {
        Table table = new Table(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<T>> results = new ArrayList<>();
            for (int rank = 0; rank < count; rank++) {
                Ranks ranks = ranks(rank, count, sharedMemory, "secret", Duration.ofSeconds(20));
                Rendezvous seat = table.seat(rank);
                results.add(threads.submit(() -> {
                    try (Collectives collectives = ranks.meet(seat)) {
                        T result = what.apply(collectives);
                        collectives.barrier();
                        return result;
                    }
                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) all.add(result.get(SECONDS, TimeUnit.SECONDS));
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    static Ranks ranks(int rank, int count, boolean sharedMemory, String secret, Duration patience) {
        return new Ranks(rank, count, "127.0.0.1", secret.getBytes(), patience, sharedMemory ? 1L << 30 : 0);
    }
}
