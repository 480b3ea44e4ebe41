package io.tramontane.cluster.replay;

import io.tramontane.data.DaemonThreads;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.TemporaryFolders;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.FolderRendezvous;
import io.tramontane.model.ranks.RankException;
import io.tramontane.model.ranks.Ranks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Trainer ranks as threads of this process. With one rank nothing is exchanged. */
final class RankThreads {
    private RankThreads() {}

    /** Runs the same on all ranks and returns when all have ended; throws what has ended the first of them. */
    static void run(int count, IntFunction<Ranks> ranks, Consumer<Collectives> role) {
        ExecutorService threads = Executors.newFixedThreadPool(count, DaemonThreads.named("replay-rank"));
        try {
            LocalStorage meeting = TemporaryFolders.create("ranks");
            try {
                List<Future<?>> results = new ArrayList<>();
                for (int rank = 0; rank < count; rank++)
                    results.add(threads.submit(seat(ranks.apply(rank), meeting.path(), role)));
                end(results);
            } finally {
                meeting.deleteTree();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("ranks cannot meet", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Runnable seat(Ranks rank, Path meeting, Consumer<Collectives> role) {
        return () -> {
            FolderRendezvous rendezvous = new FolderRendezvous(meeting, rank.rank(), rank.count(), rank.patience());
            try (Collectives collectives = rank.meet(rendezvous)) {
                role.accept(collectives);
            }
        };
    }

    /** A rank that fails ends the others: what they say of that is not the reason. */
    private static void end(List<Future<?>> results) {
        RuntimeException reason = null;
        for (Future<?> result : results) {
            RuntimeException failure = failure(result);
            if (reason == null || reason instanceof RankException && failure != null) reason = failure;
        }
        if (reason != null) throw reason;
    }

    private static RuntimeException failure(Future<?> result) {
        try {
            result.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted while a run is replayed", e);
        }
    }
}
